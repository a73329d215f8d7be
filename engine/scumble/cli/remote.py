"""`scumble remote`: use an engine on another machine, see which, go back to one of this machine."""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
from pathlib import Path
from typing import TypeAlias

from ..wire.engine import remote
from ..wire.engine.connection import Connection

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_commands(commands: Commands) -> None:
    """Declare `remote` and its actions."""
    parser = commands.add_parser("remote", help="use an engine on another machine")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    choose = actions.add_parser("set", help="use the engine that a file describes")
    choose.add_argument("file", type=Path, help="from “scumble keys” there, or its connection file, for a tunnel")
    choose.add_argument("--address", default="", help="where it is reached from here, if not where the file says")
    choose.set_defaults(run=_set)
    show = actions.add_parser("show", help="which engine is used")
    show.add_argument("--json", action="store_true", help="as JSON")
    show.set_defaults(run=_show)
    forget = actions.add_parser("forget", help="go back to an engine on this machine")
    forget.set_defaults(run=_forget)


def _set(args: argparse.Namespace) -> int:
    connection = remote.set_remote(args.file, args.address)
    print(f"From now on the engine is {_words(connection)}; see whether it answers with: scumble status")
    if sys.platform != "win32" and stat.S_IMODE(args.file.stat().st_mode) & 0o077:
        print(f"Others can read {args.file}, which lets whoever has it use that engine: remove it.")
    if os.environ.get(remote.VARIABLE, ""):
        print(f"But {remote.VARIABLE} is set, and goes before.")
    return 0


def _show(args: argparse.Namespace) -> int:
    connection = remote.remote_connection()
    if args.json:
        address = connection.address if connection else None
        print(json.dumps({"address": address, "file": str(remote.remote_path())}, ensure_ascii=False))
    elif connection is None:
        print("No remote engine is chosen: one on this machine is used.")
    else:
        print(f"The engine is {_words(connection)}, as {remote.remote_path()} says.")
    return 0


def _forget(args: argparse.Namespace) -> int:
    chosen = remote.forget_remote()
    print("An engine on this machine is used again." if chosen else "No remote engine was chosen.")
    if os.environ.get(remote.VARIABLE, ""):
        print(f"But {remote.VARIABLE} is set, and chooses one.")
    return 0


def _words(connection: Connection) -> str:
    how = "through a tunnel" if remote.is_tunnel(connection) else "on another machine"
    return f"at {connection.address}, {how}"
