#!/usr/bin/env python3
"""Sets Scumble up beside this file, in .venv. Needs Python 3.10 or later and a network with the package registry.

    python3 install.py             set up, and check with “scumble doctor”
    python3 install.py --demo      set up, and paint a photograph: out/demo.png
    python3 install.py --test      set up, and run the tests
    python3 install.py --krita     set up, and put the plug-in into your Krita

A second run is quick. The plug-in for GIMP is not installed yet by this version.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OLDEST = (3, 10)
TEST_OPTIONS = ("-n", "auto", "--maxprocesses", "8", "-q")
GIB = 1 << 30
ROOM = 8 * GIB  # torch for Linux brings the GPU's libraries with it

REMEDIES = (
    (
        ("no space left", "disk quota", "errno 28"),
        "The disk is full. Free some space (about 8 GiB) and run this again.",
    ),
    (
        ("temporary failure in name", "failed to establish", "connection", "timed out", "name or service", "proxy"),
        "The package registry cannot be reached. Check the network and the proxy, then run this again.",
    ),
    (
        ("no matching distribution", "could not find a version"),
        "A package does not exist for this Python or system. Use a 64-bit Python 3.10 to 3.14.",
    ),
    (("permission denied", "errno 13"), "A file cannot be written. Check who owns this folder and .venv in it."),
)


class Failed(Exception):
    """Setting up failed; the text says why and what to do."""


def main(argv: list[str] | None = None) -> int:
    """Set up, then do what was asked for; the exit code."""
    args = make_parser().parse_args(argv)
    try:
        check_python(sys.version_info[:2])
        extras = (["demo"] if args.demo else []) + (["test"] if args.test else [])
        python = set_up(VENV, extras, fresh=args.fresh)
    except Failed as failure:
        print(f"\ninstall.py: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninstall.py: stopped; run it again to go on.", file=sys.stderr)
        return 130
    return run_all(tasks(python, args))


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--demo", action="store_true", help="paint a photograph in two styles: out/demo.png")
    parser.add_argument("--test", action="store_true", help="run the tests; the exit code is pytest's")
    parser.add_argument("--krita", action="store_true", help="put the plug-in into your Krita and switch it on")
    parser.add_argument("--fresh", action="store_true", help="make .venv anew even if it looks well")
    return parser


def tasks(python: Path, args: argparse.Namespace) -> list[list[str]]:
    """The commands to run in the environment, in order."""
    found = []
    if args.test:
        found.append([str(python), "-m", "pytest", *TEST_OPTIONS])
    if args.demo:
        found.append([str(python), "-m", "scumble.demo", "--out", str(ROOT / "out")])
    if args.krita:
        found.append([str(python), "-m", "plugins.profiles", "krita"])
    return found or [[str(python), "-c", "import sys; from scumble.cli import main; sys.exit(main(['doctor']))"]]


def run_all(commands: list[list[str]]) -> int:
    """Run the commands; the first exit code that is not 0 ends it."""
    for command in commands:
        try:
            # The tests run side by side, so each takes one thread.
            threads = {"OMP_NUM_THREADS": "1"} if "pytest" in command else {}
            code = subprocess.call(command, cwd=str(ROOT), env=environment(**threads))
        except KeyboardInterrupt:
            return 130
        if code:
            return code
    return 0


def check_python(version: tuple[int, ...]) -> None:
    """Raise `Failed` unless this Python is new enough."""
    if version < OLDEST:
        raise Failed(
            f"this is Python {version[0]}.{version[1]}; Scumble needs 3.10 or later. Run: python3.12 install.py …"
        )


def set_up(venv: Path, extras: list[str], fresh: bool = False) -> Path:
    """Make or mend the environment `venv` with Scumble and `extras`; its Python. Raises `Failed`."""
    python = interpreter(venv)
    installed = read_stamp(venv)
    wanted = sorted(set(extras) | (set(installed[1:]) if installed else set()))
    stamp = [fingerprint(ROOT / "pyproject.toml"), *wanted]
    healthy = not fresh and works(python)
    if healthy and installed == stamp:
        return python
    say(f"Setting Scumble up in {venv} (Python {sys.version_info[0]}.{sys.version_info[1]}).")
    if not healthy:
        make_venv(venv)
    write_stamp(venv, [])  # until it is done, it is not
    install(python, wanted)
    write_stamp(venv, stamp)
    return python


def make_venv(venv: Path) -> None:
    """A new, empty environment in place of whatever is there. Raises `Failed`."""
    if venv.is_symlink():
        raise Failed(f"{venv} is a link. Remove it and run this again.")
    try:
        if venv.exists():
            say("The environment is broken; making it anew.")
            shutil.rmtree(str(venv))
    except OSError as error:
        raise Failed(f"{venv} cannot be removed: {error.strerror}. Remove it by hand and run this again.") from None
    if shutil.disk_usage(str(venv.parent)).free < ROOM:
        say(f"Less than {ROOM // GIB} GiB are free on this disk; that may not be enough.")
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(venv)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment()
    )
    if done.returncode:
        shutil.rmtree(str(venv), ignore_errors=True)
        raise Failed(venv_reason(done.stdout.decode("utf-8", "replace")))


def venv_reason(output: str) -> str:
    """Why `python -m venv` failed, from what it printed."""
    if "ensurepip" in output or "No module named venv" in output:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        return f"this Python has no venv module. On Debian or Ubuntu: sudo apt install {package}; then run this again."
    return remedy(output) or f"the environment could not be made:\n{output.strip()}"


def install(python: Path, extras: list[str]) -> None:
    """Install Scumble (editable) and its dependencies, pip's own progress shown. Raises `Failed`."""
    target = str(ROOT) + (f"[{','.join(extras)}]" if extras else "")
    say("Installing the packages; torch is large, so this takes some minutes the first time.")
    started = time.monotonic()
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-e", target]
    code, output = tee(command)
    if code:
        raise Failed(remedy(output) or f"pip failed with exit code {code}; its words are above.")
    say(f"Installed in {time.monotonic() - started:.0f} s.")


def tee(command: list[str]) -> tuple[int, str]:
    """Run a command, show what it prints as it prints it, and return its exit code and its last words."""
    lines = []
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=str(ROOT), env=environment(), **pipes) as process:
        for raw in process.stdout or ():
            line = raw.decode("utf-8", "replace")
            if not line.startswith("Requirement already satisfied"):
                print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines[-60:])


def remedy(output: str) -> str:
    """What to do about the error in a tool's output; empty where it is none that we know."""
    low = output.lower()
    return next((advice for marks, advice in REMEDIES if any(mark in low for mark in marks)), "")


def environment(**more: str) -> dict[str, str]:
    """This process's environment, without what would lead the environment's Python astray and with `more`."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    env["PYTHONUTF8"] = "1"
    env.update(more)
    return env


def interpreter(venv: Path) -> Path:
    """The Python of an environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def works(python: Path) -> bool:
    """Whether the environment's Python runs, has pip, and is of the version that runs this."""
    check = f"import sys, pip; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    try:
        quiet = subprocess.DEVNULL
        return subprocess.call([str(python), "-c", check], stdout=quiet, stderr=quiet, env=environment()) == 0
    except OSError:
        return False


def fingerprint(file: Path) -> str:
    """The digest of what is to be installed, and where: a moved folder needs its environment anew."""
    return hashlib.sha256(file.read_bytes() + str(file).encode("utf-8", "surrogateescape")).hexdigest()


def read_stamp(venv: Path) -> list[str]:
    """What was installed: fingerprint and extras; empty if nothing was, or not to the end."""
    try:
        return (venv / "scumble-stamp").read_text("utf-8").split()
    except (OSError, UnicodeDecodeError):
        return []


def write_stamp(venv: Path, stamp: list[str]) -> None:
    """Remember what was installed."""
    (venv / "scumble-stamp").write_text("\n".join(stamp) + "\n", "utf-8")


def say(text: str) -> None:
    """Tell the user how far it is."""
    print(f"» {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
