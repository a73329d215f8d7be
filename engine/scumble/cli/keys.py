"""`scumble keys`: who may use this machine's engine from elsewhere."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

NEXT = """Wrote {file}, the key of “{name}”: whoever has it can use this engine.
  here   scumble serve --listen tcp://0.0.0.0:{port}
  there  copy the file, then: scumble remote set {shown}
         and remove both copies of the file"""


def add_commands(commands: Commands) -> None:
    """Declare `keys`."""
    keys = commands.add_parser("keys", help="let other machines use this one's engine")
    what = keys.add_mutually_exclusive_group(required=True)
    what.add_argument("address", nargs="?", help="how they reach this machine: tcp://HOST:PORT")
    what.add_argument("--list", action="store_true", help="who is let in")
    what.add_argument("--remove", metavar="NAME", help="let a client in no more")
    keys.add_argument("--name", default="client", help="of the client that is let in (%(default)s)")
    keys.add_argument("-o", "--output", type=Path, metavar="FILE", help="what the client needs (scumble-NAME.json)")
    keys.add_argument("--json", action="store_true", help="as JSON")
    keys.set_defaults(run=_keys)


def _keys(args: argparse.Namespace) -> int:
    if args.list:
        return _list(args)
    if args.remove is not None:
        return _remove(args)
    return _admit(args)


def _admit(args: argparse.Namespace) -> int:
    from ..server import keys
    from ..wire.engine.connection import split_address
    from ..wire.engine.remote import write_private

    connection = keys.admit(args.name, args.address)
    file = args.output or Path(f"scumble-{args.name}.json")
    write_private(file, json.dumps(connection.to_plain()))
    port = split_address(args.address)[1]
    said = NEXT.format(file=file, name=args.name, port=port, shown=file.name)
    print(json.dumps({"file": str(file), "name": args.name}, ensure_ascii=False) if args.json else said)
    return 0


def _list(args: argparse.Namespace) -> int:
    from ..server import keys

    names = keys.admitted()
    print(json.dumps(names) if args.json else "\n".join(names) or "Nobody is let in from elsewhere.")
    return 0


def _remove(args: argparse.Namespace) -> int:
    from ..server import keys

    keys.dismiss(args.remove)
    said = f"“{args.remove}” is let in no more; a connection that is open now stays until it ends."
    print(json.dumps({"removed": args.remove}) if args.json else said)
    return 0
