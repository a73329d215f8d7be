"""`scumble train-style`: styles of the user's own.

Training computes in its own process, where it can be stopped and resumed; torch is loaded when it runs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ..wire.protocol.events import Progress, Started
from ..wire.request.training import TRAINING_OPTIONS
from .bar import Bar
from .flags import add_option_flags, given_options
from .painting import end_like_ctrl_c
from .version import installed_version

EXAMPLE = """\
The style joins “scumble styles” and is used like a shipped one. Ctrl-C keeps what is learned; the same command goes on.

  scumble train-style wave.jpg --content ~/Pictures --name my-wave --title "The Wave" --minutes 12
  scumble stylize photo.jpg --style my-wave -o out.png
"""
LEFT_OUT = {"unreadable": "that cannot be read", "small": "too small", "unsupported": "in formats that are not read"}
OPTIONS = {name: TRAINING_OPTIONS[name] for name in ("minutes", "steps", "size", "batch", "seed", "device")}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `train-style`."""
    parser = commands.add_parser(
        "train-style",
        help="learn a style from a painting and some photographs",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("painting", metavar="PAINTING", type=Path, help="the painting")
    folder = "a folder of photographs, searched with all it holds"
    parser.add_argument("--content", metavar="FOLDER", type=Path, required=True, help=folder)
    parser.add_argument("--name", default="", help="the style's name (default: made of the file's)")
    for name, about in (("title", "the painting's title"), ("artist", "who painted it"), ("licence", "its licence")):
        parser.add_argument(f"--{name}", default="", metavar="TEXT", help=about)
    parser.add_argument("--year", type=int, help="when it was painted")
    parser.add_argument("--tag", action="append", default=[], metavar="TEXT", help="a word for it; may be repeated")
    parser.add_argument("--alone", action="store_true", help="train a whole network for this style alone; takes hours")
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="for the checkpoint, the contact sheet and the log")
    parser.add_argument("--resume", action="store_true", help="go on with what was begun, or fail")
    parser.add_argument("--replace", action="store_true", help="replace a style of your own of that name")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON about the run")
    parser.add_argument("--quiet", action="store_true", help="no progress bar, no words on success")
    add_option_flags(parser, OPTIONS)
    parser.set_defaults(run=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Carry out `scumble train-style`."""
    end_like_ctrl_c()
    with Bar(args.quiet) as bar:
        account = _train(args, bar)
    if account is None:
        print("scumble: Stopped; the same command goes on from here. [cancelled]", file=sys.stderr)
        return 130
    if args.json:
        print(json.dumps(account, ensure_ascii=False))
    elif not args.quiet:
        print(f"{account['name']}: {account['steps']} steps in {account['seconds']:.0f} s on {account['device']}")
        print("\n".join(_told(account)))
    return 0


def _told(account: dict[str, Any]) -> list[str]:
    """How well it was learned, on what, and which photographs were left out."""
    before, after, photographs = account["before"], account["after"], account["photographs"]
    losses = ", ".join(f"{k} {before[k]:.3g} → {after[k]:.3g}" for k in ("style", "content"))
    held = "photographs that were held out" if photographs["held_out"] else "the photograph that it was learned on"
    lines = [f"On {held}: {losses}. See {account['sheet']}"]
    left = [f"{photographs[kind]} {why}" for kind, why in LEFT_OUT.items() if photographs.get(kind)]
    return [*lines, f"Left out: {', '.join(left)}."] if left else lines


def _train(args: argparse.Namespace, bar: Bar) -> dict[str, Any] | None:
    from ..training.loop.run import Report
    from ..training.own.order import Order
    from ..training.own.trainstyle import Training

    def tell(what: str, done: int, of: int) -> None:
        bar(Progress("", done, of, what))

    given = given_options(args, OPTIONS)
    same = ("painting", "content", "name", "title", "artist", "year", "licence", "alone", "out")
    fields = {name: getattr(args, name) for name in (*same, "resume", "replace")}
    training = Training(Order(**fields, tags=tuple(args.tag), **given), installed_version(), tell)
    bar(Started("", str(training.device), training.name))

    def on_step(report: Report) -> None:
        shown = {k: report.terms[k] for k in ("style", "content")}
        bar(Progress("", report.step, report.of, "", shown, report.seconds_left))

    return training.run(on_step)
