"""The pictures of a run: read here, sent to the engine as raw pixels, and the layer put back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..picture import Picture, check_mask_size, count_pictures, decode_file, file_coverage, mask_bounds
from ..picture.color import coverage, from_working
from ..styles.library import find_style, list_styles
from ..wire.protocol.blobs import Blobs
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import PictureRef
from ..wire.request.geometry import Box, context_box
from ..wire.request.style import Style
from .stylespec import StyleSpec


def is_style(source: str) -> bool:
    """Whether `source` is a style of the library or an existing file."""
    return is_named(source) or is_file(source)


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
    return Picture(from_working(values, mask.depth)[..., None])


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


def send(picture: Picture, blobs: Blobs) -> PictureRef:
    """Keep the picture's raw pixels for sending."""
    return blobs.add(picture.raw(), picture.format, picture.x, picture.y)


def make_style(spec: StyleSpec, content: Picture, box: Box, blobs: Blobs, selection: Picture | None = None) -> Style:
    """The style of a request; its files join `blobs`. Raises `style-unknown`, `file-missing`, `mask-…`, `picture-…`."""
    masking = read_mask(spec.mask, content) if spec.mask else _selected(spec, selection)
    mask = send(masking.crop(box), blobs) if masking else None
    if is_named(spec.source):
        return Style(spec.source, spec.weight, spec.stroke_size, mask=mask)
    if not is_file(spec.source):
        if len(Path(spec.source).parts) > 1 or Path(spec.source).suffix:
            raise ScumbleError("file-missing", name=spec.source)
        find_style(spec.source)  # raises, naming the nearest styles
    picture = decode_file(spec.source)
    picture.check(Path(spec.source).name)
    return Style(Path(spec.source).name[:200], spec.weight, spec.stroke_size, send(picture, blobs), mask)


def _selected(spec: StyleSpec, selection: Picture | None) -> Picture | None:
    """The selection as a style's mask. Where nothing is selected all is, and nothing is outside: `mask-empty`."""
    if not spec.selected:
        return None
    if selection is None and spec.invert:
        raise ScumbleError("mask-empty", name="selection")
    if selection is None or not spec.invert:
        return selection
    return Picture(from_working(1 - coverage(selection), selection.depth)[..., None])
