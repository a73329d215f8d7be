"""`scumble styles`: the library, and what the user changes in it."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..styles.library import list_styles, remove_style
from ..styles.pictures import add_picture, remove_picture
from ..styles.sharing import export_style, import_style, rename_style, tag_style
from .lists import Commands, Listing, add_list


def add_commands(commands: Commands) -> None:
    """Declare `styles` and its actions."""
    columns = ("name", "title", "artist", "year", "own")
    cells = {"own": lambda style: "own" if style["own"] else ""}
    actions = add_list(commands, "styles", "list the style library", Listing(list_styles, columns, cells))
    remove = actions.add_parser("remove", help="delete a style of your own")
    remove.add_argument("name", help="the style")
    remove.set_defaults(run=_remove)
    picture = actions.add_parser("picture", help="paint a style from your own picture of the painting")
    picture.add_argument("name", help="the style")
    picture.add_argument("file", metavar="FILE", nargs="?", type=Path, help="the painting")
    picture.add_argument("--remove", action="store_true", help="take it back")
    picture.set_defaults(run=_picture, parser=picture)
    _add_sharing(actions)


def _add_sharing(actions: Commands) -> None:
    """Declare what is done with styles of one's own: files for others, names, tags."""
    out = actions.add_parser("export", help="write a style of your own to one file, for others")
    out.add_argument("name", help="the style")
    out.add_argument("file", metavar="FILE", nargs="?", type=Path, default=Path(), help="the file, or its folder")
    out.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    out.set_defaults(run=_export)
    into = actions.add_parser("import", help="take a style from such a file into your library")
    into.add_argument("file", metavar="FILE", type=Path, help="the file")
    into.add_argument("--name", default="", help="call it otherwise")
    into.add_argument("--replace", action="store_true", help="in place of a style of your own")
    into.set_defaults(run=_import)
    rename = actions.add_parser("rename", help="call a style of your own otherwise")
    rename.add_argument("name", help="the style")
    rename.add_argument("new", help="its new name")
    rename.add_argument("--title", default="", help="its new title")
    rename.set_defaults(run=_rename)
    tag = actions.add_parser("tag", help="give a style of your own words that it is found by")
    tag.add_argument("name", help="the style")
    tag.add_argument("tags", metavar="TAG", nargs="+", help="a word")
    tag.add_argument("--remove", action="store_true", help="take these away")
    tag.set_defaults(run=_tag)


def _remove(args: argparse.Namespace) -> int:
    remove_style(args.name)
    return 0


def _export(args: argparse.Namespace) -> int:
    print(export_style(args.name, args.file, args.overwrite))
    return 0


def _import(args: argparse.Namespace) -> int:
    print(import_style(args.file, args.name, args.replace))
    return 0


def _rename(args: argparse.Namespace) -> int:
    rename_style(args.name, args.new, args.title)
    return 0


def _tag(args: argparse.Namespace) -> int:
    tags = tag_style(args.name, remove=args.tags) if args.remove else tag_style(args.name, args.tags)
    print(", ".join(tags))
    return 0


def _picture(args: argparse.Namespace) -> int:
    if args.remove == (args.file is not None):
        args.parser.error("give a FILE, or --remove")
    if args.remove:
        remove_picture(args.name)
    else:
        print(add_picture(args.name, args.file))
    return 0
