"""`scumble serve`, `status`, `stop` and `doctor`: the engine itself. Its code is loaded when one of them runs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from ..server.__main__ import add_arguments, run, settings_from

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Report = dict[str, Any]


def add_commands(commands: Commands) -> None:
    """Declare the four."""
    serve = commands.add_parser("serve", help="run the engine in this terminal")
    add_arguments(serve)
    serve.set_defaults(run=_serve)
    stop = _reporting(commands, "stop", "end the engine when its jobs have ended", _stop)
    stop.add_argument("--now", action="store_true", help="cancel its jobs")
    _reporting(commands, "status", "what the engine does", _status)
    doctor = _reporting(commands, "doctor", "look at all that Scumble needs", _doctor)
    doctor.description = "Looks at all that Scumble needs: ✓ well, ! worth knowing, ✗ wrong, each with what to do."
    doctor.epilog = "Exit codes: 0 all is well; 1 something needs attention, or could not be looked at."
    doctor.add_argument(
        "--bundle", type=Path, metavar="FILE.zip", help="also write a file for a report, nothing private in it"
    )


def _reporting(
    commands: Commands, name: str, help: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)
    return parser


def _serve(args: argparse.Namespace) -> int:
    return run(settings_from(args))


def _status(args: argparse.Namespace) -> int:
    from ..server import commands

    _show(args, commands.status(), commands.render_status)
    return 0


def _stop(args: argparse.Namespace) -> int:
    from ..server import commands

    said = {
        "none": "No engine was running.",
        "stopped": "The engine has ended.",
        "stopping": "The engine ends when its jobs have; “scumble stop --now” cancels them.",
    }
    _show(args, commands.stop(args.now), lambda report: said[report["state"]])
    return 0


def _doctor(args: argparse.Namespace) -> int:
    from ..server import commands

    report = commands.doctor()
    if args.bundle is not None:
        from ..server.doctor.bundle import write_bundle

        report["bundle"] = {"file": str(args.bundle), "holds": write_bundle(args.bundle, report)}
    _show(args, report, _render_doctor)
    return 0 if report["ok"] else 1


def _render_doctor(report: Report) -> str:
    from ..server import commands

    text = commands.render_doctor(report)
    if "bundle" in report:
        text += f"\nWrote {report['bundle']['file']}. Names were replaced in it; look through it before you send it."
    return text


def _show(args: argparse.Namespace, report: Report, render: Callable[[Report], str]) -> None:
    print(json.dumps(report, ensure_ascii=False) if args.json else render(report))
