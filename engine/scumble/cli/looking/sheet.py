"""`scumble sheet`: contents × styles, or styles × the values of an option, painted by the engine onto one picture."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image

from ...picture import Picture, check_target, decode_file, paste, save_file
from ...styles.library import find_style
from ...wire.client.client import Client
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.pixels import MOST_AT_ONCE
from ...wire.request.options import Option
from ...wire.request.recipe import Recipe
from ...wire.request.request import REQUEST_OPTIONS
from ...wire.request.style import STYLE_OPTIONS
from ...wire.request.stylechoice import StyleChoice
from ..bar import Bar
from ..flags import add_option_flags, given_options, read_option
from ..painting import Prepared, end_like_ctrl_c, prepare
from ..pictures import style_picture, typed_style
from ..version import installed_version
from .contact import Tile, draw, gap_of, thumbnail

CELL = Option("cell", "int", 256, "Long side of a picture on the sheet.", low=32, high=2048, unit="px")
SWEPT = {**REQUEST_OPTIONS, "stroke_size": STYLE_OPTIONS["stroke_size"]}
EXAMPLE = """\
Each picture is computed at the size it has on the sheet, unless --size says otherwise.

  scumble sheet --content a.jpg b.jpg --style starry-night wave.jpg -o sheet.png
  scumble sheet --content a.jpg --style starry-night scream --sweep strength=0,0.25,0.5,1 -o sweep.png
"""


@dataclass(frozen=True)
class Column:
    """What a column of the sheet varies: its content, or the value of an option."""

    content: str
    head: Tile
    options: dict[str, Any]
    stroke_size: float | None = None


@dataclass(frozen=True)
class Row:
    """A row of the sheet: its style."""

    style: StyleChoice
    side: Tile


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `sheet`."""
    parser = commands.add_parser(
        "sheet",
        help="paint a contact sheet: pictures × styles, or a sweep of an option",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    several: dict[str, Any] = {"nargs": "+", "action": "extend", "required": True}
    parser.add_argument("--content", metavar="PICTURE", help="the pictures, a column each", **several)
    parser.add_argument("--style", metavar="STYLE", help="the styles, a row each; as for stylize", **several)
    parser.add_argument("--sweep", metavar="OPTION=V,V…", help="columns are values of an option, for one picture")
    parser.add_argument("-o", "--output", metavar="FILE", default="sheet.png", help="the sheet (default sheet.png)")
    parser.add_argument("--quiet", action="store_true", help="no progress bar, no words on success")
    add_option_flags(parser, {"cell": CELL, **REQUEST_OPTIONS})
    parser.set_defaults(run=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Carry out `scumble sheet`."""
    check_target(args.output)
    sweep = parse_sweep(args.sweep) if args.sweep else None
    if sweep and len(args.content) > 1:
        args.parser.error("--sweep takes one picture")
    cell = given_options(args, {"cell": CELL}).get("cell", CELL.default)
    options = {"size": cell, **given_options(args)}
    contents = [Tile(Path(c).stem, thumbnail(decode_file(c), cell)) for c in args.content]
    if sweep:
        corner, columns = contents[0], _sweep_columns(args.content[0], options, *sweep)
    else:
        corner = Tile("")
        columns = [Column(c, tile, options) for c, tile in zip(args.content, contents, strict=True)]
    _check_size(args.output, len(columns) + 1, len(args.style) + 1, cell)
    rows = [_row(text, cell) for text in args.style]
    _paint(args, corner, columns, rows, cell)
    return 0


def parse_sweep(text: str) -> tuple[str, list[Any]]:
    """An option's name and its values from `strength=0,0.5,1`. Raises `option-unknown`, `option-…`."""
    typed, _, values = text.partition("=")
    name = typed.strip().replace("-", "_")
    if name not in SWEPT:
        raise ScumbleError("option-unknown", name=name[:60], known=", ".join(sorted(SWEPT)))
    return name, [read_option(SWEPT[name], value.strip()) for value in values.split(",")]


def _sweep_columns(content: str, options: dict[str, Any], name: str, values: list[Any]) -> list[Column]:
    found = []
    for value in values:
        shown = " ".join(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else value
        tile = Tile(f"{name.replace('_', ' ')} {shown}")
        if name in REQUEST_OPTIONS:
            found.append(Column(content, tile, {**options, name: value}))
        else:
            found.append(Column(content, tile, options, stroke_size=value))
    return found


def _row(text: str, cell: int) -> Row:
    """The row of a style. Raises `style-unknown`, `file-missing`, `picture-…`, `option-…`."""
    style = typed_style(text)
    picture = style_picture(style)
    if picture is None:
        return Row(style, Tile(find_style(style.name)["title"]))
    return Row(style, Tile(Path(style.name).stem, thumbnail(picture, cell)))


def _check_size(name: str, columns: int, rows: int, cell: int) -> None:
    """Raise `picture-large` before anything is painted, rather than after it."""
    pixels = columns * rows * (cell + gap_of(cell)) ** 2
    if pixels > MOST_AT_ONCE:
        raise ScumbleError("picture-large", name=name, megapixels=pixels / 1e6, limit=MOST_AT_ONCE / 1e6)


def _paint(args: argparse.Namespace, corner: Tile, columns: list[Column], rows: list[Row], cell: int) -> None:
    """Have the cells painted, draw the sheet and write it."""
    begin = time.monotonic()
    cells = list(_painted_rows(columns, rows, cell, args.quiet))
    save_file(args.output, draw(corner, [c.head for c in columns], [r.side for r in rows], cells))
    if not args.quiet:
        count = len(columns) * len(rows)
        print(f"{args.output}: {count} pictures in {time.monotonic() - begin:.1f} s")


def _painted_rows(columns: list[Column], rows: list[Row], cell: int, quiet: bool) -> Iterator[list[Image.Image]]:
    """The cells of each row, painted at the user's engine, which is started if there is none."""
    end_like_ctrl_c()
    with Client.connect_or_start("scumble-cli", installed_version()) as client:
        for row in rows:
            yield [_painted(client, _job(column, row), cell, quiet) for column in columns]


def _painted(client: Client, job: Prepared, cell: int, quiet: bool) -> Image.Image:
    with Bar(quiet) as bar:
        ref, raw, _ = client.run(job.request, job.blobs, bar)
    return thumbnail(paste(job.content, Picture.from_raw(ref, raw)), cell)


def _job(column: Column, row: Row) -> Prepared:
    stroke = row.style.stroke_size if column.stroke_size is None else column.stroke_size
    return prepare(column.content, None, Recipe(column.options, (replace(row.style, stroke_size=stroke),)))
