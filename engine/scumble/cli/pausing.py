"""`scumble pause` and `scumble resume`: the engine's jobs rest, and go on where they were."""

from __future__ import annotations

import argparse
import json
from typing import Any

from .engine import Commands

PAUSABLE, RESUMABLE = ("queued", "running"), ("paused",)


def add_commands(commands: Commands) -> None:
    """Declare both."""
    about = {
        "pause": "let the engine's jobs rest; what they have done is kept",
        "resume": "let paused jobs go on where they were",
    }
    for name, help in about.items():
        parser = commands.add_parser(name, help=help)
        parser.add_argument("job", nargs="?", default="", metavar="JOB", help="one job alone; all without it")
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.set_defaults(run=_pause if name == "pause" else _resume)


def _pause(args: argparse.Namespace) -> int:
    from ..server import commands

    return _tell(args, commands.on_jobs("pause", PAUSABLE, args.job), "Paused", "There is no job that could be paused.")


def _resume(args: argparse.Namespace) -> int:
    from ..server import commands

    return _tell(args, commands.on_jobs("resume", RESUMABLE, args.job), "Goes on", "There is no paused job.")


def _tell(args: argparse.Namespace, jobs: list[dict[str, Any]], done: str, none: str) -> int:
    if args.json:
        print(json.dumps({"jobs": jobs}, ensure_ascii=False))
    else:
        print("\n".join(f"{done}: {job['name']} ({job['job']})" for job in jobs) or none)
    return 0
