"""`scumble styles`: the library, and what the user changes in it."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..styles.library import list_styles, remove_style
from ..styles.pictures import add_picture, remove_picture
from .lists import show


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `styles` and its actions."""
    styles = commands.add_parser("styles", help="list the style library")
    styles.add_argument("--json", action="store_true", help="as JSON")
    styles.set_defaults(run=_list)
    actions = styles.add_subparsers(title="actions", metavar="ACTION")
    remove = actions.add_parser("remove", help="delete a style of your own")
    remove.add_argument("name", help="the style")
    remove.set_defaults(run=_remove)
    picture = actions.add_parser("picture", help="paint a style from your own picture of the painting")
    picture.add_argument("name", help="the style")
    picture.add_argument("file", metavar="FILE", nargs="?", type=Path, help="the painting")
    picture.add_argument("--remove", action="store_true", help="take it back")
    picture.set_defaults(run=_picture, parser=picture)


def _list(args: argparse.Namespace) -> int:
    styles = list_styles()
    if args.json:
        return show(styles, (), True)
    shown = [{**s, "own": "own" if s["own"] else ""} for s in styles]
    return show(shown, ("name", "title", "artist", "year", "own"), False)


def _remove(args: argparse.Namespace) -> int:
    remove_style(args.name)
    return 0


def _picture(args: argparse.Namespace) -> int:
    if args.remove == (args.file is not None):
        args.parser.error("give a FILE, or --remove")
    if args.remove:
        remove_picture(args.name)
    else:
        print(add_picture(args.name, args.file))
    return 0
