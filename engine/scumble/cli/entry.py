"""Commands and exit codes: 0 well, 1 an error (its sentence, remedy and code on stderr), 2 usage, 130 cancelled."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence

from ..wire.protocol.errors import ScumbleError
from ..wire.words.speech import never_fail_to_speak
from . import engine, gateway, keys, lists, pausing, remote, styles, stylize, train
from .animation import animate
from .looking import compare, mask, sheet
from .version import installed_version

OK, ERROR, USAGE, CANCELLED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    never_fail_to_speak()
    args = make_parser().parse_args(argv)
    if getattr(args, "json", False) and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # as JSON is, whatever the code page
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _fail(ScumbleError("cancelled"), args)
    except ScumbleError as e:
        return _fail(e, args)
    except BrokenPipeError:  # “scumble styles | head”
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERROR


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(prog="scumble", description="Style transfer, only where you selected.")
    parser.add_argument("--version", action="version", version=f"scumble {installed_version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in (
        stylize, mask, animate, sheet, compare, styles, lists, train, engine, pausing, gateway, keys, remote,
    ):  # fmt: skip
        module.add_commands(commands)
    return parser


def _fail(error: ScumbleError, args: argparse.Namespace) -> int:
    """Say what went wrong, on stderr and, with --json, as the last line of stdout."""
    print(f"scumble: {error.sentence} {error.remedy} [{error.code}]", file=sys.stderr)
    if getattr(args, "json", False):
        print(json.dumps({"error": error.to_plain()}, ensure_ascii=False))
    return CANCELLED if error.code == "cancelled" else ERROR
