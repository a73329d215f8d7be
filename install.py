#!/usr/bin/env python3
"""Installs Scumble: its engine into your data folder, and its plug-in into every Krita and GIMP 3 of yours.

    python3 install.py                      install, update or repair everything, then try it out
    python3 install.py --dry-run            name every profile and every file that would be touched, and touch none
    python3 install.py --uninstall          remove everything but what you made
    python3 install.py --pack FOLDER        the plug-ins as zip files, one for Krita's own importer

Beside this file, in .venv, for trying out and for those who work on it:

    python3 install.py --demo               paint a photograph: out/demo.png
    python3 install.py --test [WHAT …]      run the tests, or these of them: tests/cli

Needs a 64-bit Python 3.10 or later and a network with the package registry. A second run is quick, and one that was
stopped is gone on with. Nothing is asked. More is in docs/install.md.

Exit codes: 0 well · 1 failed, with the reason · 2 wrong options · 3 the editor asked for was not found · 4 installed,
but the trial failed · 130 stopped. With --demo and --test theirs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from installer import commands, environment, run, targets
from installer.disk import Disk
from installer.editors.search import EDITORS
from installer.lock import alone
from installer.speech import STOPPED, Failed, never_fail_to_speak, say
from installer.system import ROOT, System

VENV = ROOT / ".venv"
OLDEST = (3, 10)
# One process more than processors: much of the tests is waiting, for an editor or an engine. Each takes a run of
# neighbours, so that most files start their engine once, and who has done his own takes from who has most left.
TEST_OPTIONS = ("-n", str(min(8, (os.cpu_count() or 1) + 1)), "--dist", "worksteal", "-q")


def main(argv: list[str] | None = None) -> int:
    """Do what was asked for; the exit code."""
    never_fail_to_speak()
    parser = make_parser()
    args = parser.parse_args(argv)
    check_options(parser, args)
    try:
        if sys.version_info[:2] < OLDEST:
            return start_newer(sys.argv[1:] if argv is None else argv)
        check_machine(sys.platform, System().machine, sys.maxsize > 1 << 32)
        if args.demo or args.test is not None:
            return work_beside(args)
        return run.carry_out(args, System(), Disk(args.dry_run))
    except Failed as failure:
        print(f"\ninstall.py: {failure}", file=sys.stderr)
        return failure.code
    except BrokenPipeError:  # who read what is said, “head” or “less”, has ended
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STOPPED
    except KeyboardInterrupt:
        print("\ninstall.py: stopped; run it again to go on.", file=sys.stderr)
        return STOPPED


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        "install.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    add = parser.add_argument
    add("--editor", choices=(*EDITORS, "none"), default="", help="for this editor alone; none: the engine alone")
    add("--krita", dest="editor", action="store_const", const="krita", help="the same as --editor krita")
    add("--profile", type=folder, metavar="FOLDER", help="into this profile, instead of those that are found")
    add("--cpu", action="store_true", help="torch for the processor, whatever else there is")
    add("--torch-index", metavar="ADDRESS", default=os.environ.get("SCUMBLE_TORCH_INDEX", ""), help=TORCH_INDEX)
    add("--weights", action="append", default=[], choices=("vgg19", "vgg16"), help="bring these weights, too")
    offline = os.environ.get("SCUMBLE_OFFLINE", "")
    add("--offline", type=folder, metavar="FOLDER", default=folder(offline) if offline else None, help=OFFLINE)
    add("--watched", type=folder, metavar="FOLDER", help=argparse.SUPPRESS)  # by a program; what pip brings lies there
    add("--dry-run", action="store_true", help="name what would be done, and do nothing")
    add("--fresh", action="store_true", help="make the environment anew even if it looks well")
    add("--uninstall", action="store_true", help="remove everything but what you made: styles, presets, keys")
    add("--pack", type=folder, metavar="FOLDER", help="write the plug-ins as zip files into this folder")
    add("--demo", action="store_true", help="paint a photograph in two styles: out/demo.png")
    add("--test", nargs="*", metavar="WHAT", help="run the tests, or those named; the exit code is pytest's")
    return parser


def check_options(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """End with the usage where two options contradict each other."""
    things = {"--demo": args.demo, "--test": args.test is not None, "--uninstall": args.uninstall, "--pack": args.pack}
    given = [name for name, asked in things.items() if asked]
    if len(given) > 1 and given != ["--demo", "--test"]:
        parser.error(f"{given[0]} and {given[-1]} do not go together")
    if args.profile and args.editor == "none":
        parser.error("--editor none and --profile do not go together")


OFFLINE = "take packages and weights from this folder alone; else $SCUMBLE_OFFLINE"
TORCH_INDEX = "an index with a folder for each build of torch (cu128, cpu …); else $SCUMBLE_TORCH_INDEX"


def folder(text: str) -> Path:
    """A folder that was typed."""
    return Path(text).expanduser().absolute()


def work_beside(args: argparse.Namespace) -> int:
    """The environment beside this file, and in it the tests and the demo. Raises `Failed`."""
    extras = [name for name, asked in (("demo", args.demo), ("test", args.test is not None)) if asked]
    with alone(VENV.with_name(".venv.lock")):
        python = environment.set_up(VENV, targets.for_project(VENV, extras), fresh=args.fresh)
    return run_all(tasks(python, args))


def tasks(python: Path, args: argparse.Namespace) -> list[list[str]]:
    """The commands to run in the environment, in order."""
    found = []
    if args.test is not None:
        found.append([str(python), "-m", "pytest", *TEST_OPTIONS, *args.test])
    if args.demo:
        found.append([str(python), "-m", "scumble.demo", "--out", str(ROOT / "out")])
    return found


def run_all(rows: list[list[str]]) -> int:
    """Run the commands; the first exit code that is not 0 ends it."""
    for command in rows:
        # The tests run side by side, so each takes one thread.
        threads = {"OMP_NUM_THREADS": "1"} if "pytest" in command else {}
        code = commands.run(command, ROOT, **threads)
        if code:
            return code
    return 0


def start_newer(argv: list[str]) -> int:
    """Start this again with a newer Python of this machine. Raises `Failed` where there is none."""
    found = environment.find_python()
    if not found:
        have = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Failed(f"this is Python {have}; Scumble needs 3.10 or later. Install one, and run this again with it.")
    say(f"This Python is too old; going on with {found}.")
    return subprocess.call([found, str(Path(__file__).resolve()), *argv])


def check_machine(platform: str, machine: str, wide: bool) -> None:
    """Raise `Failed` where torch does not exist for this Python or machine."""
    if not wide:
        raise Failed("this is a 32-bit Python; Scumble needs a 64-bit one.")
    if platform == "darwin" and machine == "x86_64":
        raise Failed("torch is no longer made for Macs with Intel processors, so Scumble's engine cannot run here.")


if __name__ == "__main__":
    sys.exit(main())
