"""One picture composed of those that `gimp_pictures` takes of the screen."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.editors.display import Box

SCREEN, PHOTOGRAPH, DIALOG = (1680, 1050), (990, 660), (1000, 700)
DOCK, LAYERS = 404, 282  # pixels: the right dock, as wide as the progress window, and the list of layers at its foot
CANVAS = (236, 200)  # on the screen, where the photograph lies
MENU, PYTHON = (392, 0), (392, 446)  # corners of what is seen of the two menus
EDGE = 2  # pixels of the result that are left out, where GIMP draws the layer's border
WIDTH, GAP, TOP, PYTHON_HEIGHT = 1396, 6, 584, 100  # the JPEG, its first row, and a menu in it; pixels
MOST_BYTES = 200_000  # of it


def compose(folder: Path, boxes: dict[str, Box], path: Path) -> None:
    """Two rows: the menus and the dialog; the progress window over the list of layers, and the result."""
    dialog = _cut(folder, "dialog", boxes["dialog"], (round(DIALOG[0] * TOP / DIALOG[1]), TOP))
    menus = _menus(folder, WIDTH - GAP - dialog.width)
    running = _cut(folder, "running", boxes["running"])
    layers = _cut(folder, "result", (SCREEN[0] - DOCK, SCREEN[1] - LAYERS, DOCK, LAYERS))
    left = _stack([running, layers])
    result = _cut(folder, "result", _inner((*CANVAS, *PHOTOGRAPH)), (WIDTH - GAP - left.width, left.height))
    sheet = _stack([_stack([menus, dialog], across=True), _stack([left, result], across=True)])
    for quality in range(90, 30, -2):
        sheet.save(path, quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= MOST_BYTES:
            return


def _menus(folder: Path, width: int) -> Image.Image:
    """Both of our places in the menu, as large as the dialog is shown."""
    scale, parts = DIALOG[1] / TOP, []
    for name, corner, height in (("menu", MENU, TOP - GAP - PYTHON_HEIGHT), ("python", PYTHON, PYTHON_HEIGHT)):
        box = (*corner, round(width * scale), round(height * scale))
        parts.append(_cut(folder, name, box, (width, height)))
    return _stack(parts)


def _stack(parts: list[Image.Image], across: bool = False) -> Image.Image:
    """Pictures one below the other, or beside it, as wide or high as the first."""
    lengths = [part.width if across else part.height for part in parts]
    length, depth = sum(lengths) + GAP * (len(parts) - 1), parts[0].height if across else parts[0].width
    sheet = Image.new("RGB", (length, depth) if across else (depth, length), "white")
    for i, part in enumerate(parts):
        at = sum(lengths[:i]) + GAP * i
        sheet.paste(part, (at, 0) if across else (0, at))
    return sheet


def _inner(box: Box) -> Box:
    """Without what GIMP draws along the border of a layer."""
    x, y, width, height = box
    return x + EDGE, y + EDGE, width - 2 * EDGE, height - 2 * EDGE


def _cut(folder: Path, name: str, box: Box, size: tuple[int, int] | None = None) -> Image.Image:
    """A part of a picture, at another size where one is given."""
    x, y, width, height = box
    with Image.open(folder / f"gimp-{name}.png") as picture:
        part: Image.Image = picture.convert("RGB").crop((x, y, x + width, y + height))
        return part if size in (None, part.size) else part.resize(size, Image.Resampling.LANCZOS)
