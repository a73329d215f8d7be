"""The layout of a contact sheet: a grid of pictures with a head row and a side column. Drawn with Pillow."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from ...picture import Picture, from_working, to_working
from ...wire.request.geometry import Box

PAPER, INK = (255, 255, 255), (40, 40, 40)
FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf")
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Tile:
    """A cell of the head row or the side column: a picture with its label below, or the label alone."""

    label: str
    image: Image.Image | None = None


def thumbnail(picture: Picture, cell: int) -> Image.Image:
    """A picture in sRGB on paper, its long side `cell` pixels."""
    rgb, alpha = to_working(picture)
    paper = np.array(PAPER, np.float32) / 255
    seen = from_working(paper + (rgb - paper) * alpha[..., None], "u8")
    return ImageOps.contain(Image.fromarray(seen), (cell, cell), Image.Resampling.LANCZOS)


def draw(corner: Tile, head: Sequence[Tile], side: Sequence[Tile], cells: Sequence[Sequence[Image.Image]]) -> Picture:
    """The sheet: `head` above the columns, `side` before the rows, `cells` by row. All boxes have one size."""
    images = [image for row in cells for image in row]
    width, height = max(i.width for i in images), max(i.height for i in images)
    gap = gap_of(max(width, height))
    grid: list[list[Tile | Image.Image]] = [[corner, *head]]
    grid += [[tile, *row] for tile, row in zip(side, cells, strict=True)]
    columns = len(head) + 1
    size = (columns * (width + gap) + gap, len(grid) * (height + gap) + gap)
    sheet = Image.new("RGB", size, PAPER)
    for y, items in enumerate(grid):
        for x, item in enumerate(items):
            box = Box(gap + x * (width + gap), gap + y * (height + gap), width, height)
            if isinstance(item, Tile):
                _draw_tile(sheet, item, box)
            else:
                _paste(sheet, item, box)
    return Picture(np.asarray(sheet))


def gap_of(cell: int) -> int:
    """The space between cells, in pixels."""
    return max(4, cell // 32)


def fitted(label: str, width: int, font: Font) -> str:
    """The label, cut with an ellipsis where it is longer than `width` pixels."""
    if font.getlength(label) <= width:
        return label
    while label and font.getlength(label + "…") > width:
        label = label[:-1]
    return label.rstrip() + "…"


def _draw_tile(sheet: Image.Image, tile: Tile, box: Box) -> None:
    text = ImageDraw.Draw(sheet)
    font, known = font_of(max(10, max(box.width, box.height) // 16))
    label = tile.label if known else _folded(tile.label)
    if tile.image is None:
        per_line = max(4, int(box.width / max(1.0, font.getlength("n"))))
        lines = [fitted(line, box.width, font) for line in textwrap.wrap(label, per_line)]
        middle = (box.x + box.width / 2, box.y + box.height / 2)
        text.multiline_text(middle, "\n".join(lines), INK, font, anchor="mm", align="center")
        return
    strip = 3 * int(font.getbbox("Ág")[3]) // 2
    above = Box(box.x, box.y, box.width, max(1, box.height - strip))
    _paste(sheet, ImageOps.contain(tile.image, (above.width, above.height), Image.Resampling.LANCZOS), above)
    text.text((box.x + box.width / 2, box.bottom), fitted(label, box.width, font), INK, font, anchor="md")


def _paste(sheet: Image.Image, image: Image.Image, box: Box) -> None:
    """Lay `image` into the middle of `box`."""
    sheet.paste(image, (box.x + (box.width - image.width) // 2, box.y + (box.height - image.height) // 2))


@lru_cache(maxsize=8)
def font_of(size: int) -> tuple[Font, bool]:
    """A font of the system, or else Pillow's own; and whether it knows more than ASCII."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size), True
        except OSError:
            continue
    return ImageFont.load_default(size), False


def _folded(text: str) -> str:
    """Text without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
