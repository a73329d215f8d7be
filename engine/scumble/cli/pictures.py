"""The pictures of a run: read here, and handed on as raw pixels."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..picture import Picture, check_mask_size, count_pictures, decode_file, file_coverage, mask_bounds
from ..picture.color import coverage, from_working
from ..styles.library import find_style, list_styles
from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box, context_box
from ..wire.request.recipe import Recipe
from ..wire.request.sources import Pixels
from ..wire.request.stylechoice import StyleChoice
from .stylespec import parse_style


def typed_style(text: str) -> StyleChoice:
    """The style that `text` describes. Raises `option-range`, `option-type`."""
    return parse_style(text, is_named, is_file)


def is_named(source: str) -> bool:
    """Whether `source` is a style of the library."""
    return source in {str(s["name"]) for s in list_styles()}


def is_file(path: str) -> bool:
    """Whether a file of that path exists; what cannot be a path does not."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


def read_mask(path: str, content: Picture) -> Picture:
    """A mask file of the content's size, as one channel. Raises `mask-size`, `mask-empty` and decoding errors."""
    name = Path(path).name
    mask = decode_file(path)
    check_mask_size(mask, content, name)
    values = file_coverage(mask)
    if not values.any():
        raise ScumbleError("mask-empty", name=name)
    return Picture(from_working(values, "u8" if mask.depth == "u8" else "u16")[..., None])


def frame_remarks(paths: Iterable[str]) -> list[str]:
    """What is to be said of files that hold more than one picture."""
    found = []
    for path in dict.fromkeys(paths):
        count = count_pictures(path)
        if count > 1:
            found.append(f"“{Path(path).name}” holds {count} pictures; only the first is taken.")
    return found


def travelling_box(content: Picture, selection: Picture | None, margin: float) -> Box:
    """What has to be sent: the selection's box with its margin."""
    if selection is None:
        return content.box
    return context_box(mask_bounds(coverage(selection)), content.box, margin)


def pixels_of(picture: Picture, box: Box) -> Pixels:
    """The part inside `box`, as it travels."""
    part = picture.crop(box)
    return Pixels(part.format, part.raw(), part.x, part.y)


def files_of(recipe: Recipe) -> list[str]:
    """The files that the styles of a recipe are read from: masks and pictures."""
    masks = [s.mask_name for s in recipe.styles if s.mask == "layer"]
    masks += [s.part_name for s in recipe.styles if s.part == "file"]
    return [*masks, *(s.name for s in recipe.styles if s.source == "file")]


def style_pictures(recipe: Recipe) -> dict[int, Pixels]:
    """The pictures of styles that are files, by the style's index. Raises what `style_picture` raises."""
    found = {i: style_picture(s) for i, s in enumerate(recipe.styles) if s.weight > 0}
    return {i: pixels_of(p, p.box) for i, p in found.items() if p is not None}


def style_picture(style: StyleChoice) -> Picture | None:
    """The picture of a style that is a file; None for one of the library.

    Raises `style-unknown`, naming the nearest styles, `file-missing`, `picture-…`.
    """
    if style.source == "library":
        find_style(style.name)
        return None
    if not is_file(style.name):
        raise ScumbleError("file-missing", name=style.name)
    picture = decode_file(style.name)
    picture.check(Path(style.name).name)
    return picture
