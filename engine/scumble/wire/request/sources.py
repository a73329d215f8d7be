"""Pictures and masks of the chosen styles, on their way into a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Dict, Mapping, Optional

from ..protocol.blobs import Blobs
from ..protocol.errors import ScumbleError
from ..protocol.paths import native
from ..protocol.pixels import PictureRef, PixelFormat
from .choices import PLACES
from .style import Style, numbers_of
from .stylechoice import StyleChoice

MAX_FILE = 256 << 20  # bytes of a style's picture file
INVERTED = bytes(range(255, -1, -1))  # each byte's complement: also that of 16-bit values


@dataclass(frozen=True)
class Pixels:
    """A picture that was read from an editor; x, y is its top left corner on the canvas."""

    format: PixelFormat
    data: bytes
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Sources:
    """Where the pictures and masks of styles come from, and where their data goes."""

    content: Pixels
    selection: Optional[Pixels]
    pictures: Mapping[int, Pixels]
    masks: Mapping[int, Pixels]
    blobs: Blobs
    seen_whole: bool = False  # masks: so one may be empty over the content, which is but a part of the picture
    parts: Mapping[int, Pixels] = field(default_factory=dict)  # masks on the styles' own pictures

    def keep(self, pixels: Pixels) -> PictureRef:
        """The picture's reference; its data will travel. Raises `picture-truncated`."""
        return self.blobs.add(pixels.data, pixels.format, pixels.x, pixels.y)

    def style(self, index: int, choice: StyleChoice) -> Style:
        """The request's form of the style that was chosen in place `index`."""
        mask, own = self._mask(index, choice), {**numbers_of(choice), "where": choice.where}
        part = self._part(index, choice)
        if choice.source == "library":
            return Style(choice.name, mask=mask, **own)
        if choice.source == "file" and index not in self.pictures:
            picture = self.blobs.add(file_bytes(choice.name))
        else:
            picture = self.keep(_given(self.pictures, index, choice.name))
        name = Path(choice.name).name if choice.source == "file" else choice.name
        return Style(name[:200], picture=picture, mask=mask, **part, **own)

    def over_content(self, mask: Pixels, name: str, invert: bool = False) -> PictureRef:
        """The mask, laid where the content lies. Raises `mask-size`, `mask-empty`, `picture-format`."""
        found, wanted = mask.format, self.content.format
        if (found.width, found.height) != (wanted.width, wanted.height):
            sizes = {"expected_width": wanted.width, "expected_height": wanted.height}
            raise ScumbleError("mask-size", name=name, width=found.width, height=found.height, **sizes)
        if found.channels != 1 or found.depth == "f32":
            reason = f"{found.channels} channels of {found.depth}"
            raise ScumbleError("picture-format", name=name, reason=reason, expected="1 channel of u8 or u16")
        data = mask.data.translate(INVERTED) if invert else mask.data
        if not self.seen_whole and data.count(0) == len(data):
            raise ScumbleError("mask-empty", name=name)
        return self.blobs.add(data, found, self.content.x, self.content.y)

    def _part(self, index: int, choice: StyleChoice) -> Dict[str, Any]:
        """What of the style's own picture is taken, as fields of a `Style`."""
        if choice.part == "file":
            return {"picture_mask": self.blobs.add(file_bytes(choice.part_name))}
        if choice.part == "layer":
            mask = self.keep(_given(self.parts, index, choice.part_name))
            return {"picture_mask": mask, "picture_mask_stretched": True}
        return {"picture_where": choice.part}

    def _mask(self, index: int, choice: StyleChoice) -> Optional[PictureRef]:
        """The style's mask; None where it applies everywhere, as where nothing is selected and so all is."""
        if choice.mask == "layer":
            return self.over_content(_given(self.masks, index, choice.mask_name), choice.mask_name, choice.invert)
        if choice.mask == "none" or choice.mask in PLACES or (self.selection is None and not choice.invert):
            return None
        if self.selection is None:
            raise ScumbleError("mask-empty", name="selection")
        return self.over_content(self.selection, "selection", choice.invert)


def _given(pixels: Mapping[int, Pixels], index: int, name: str) -> Pixels:
    if index not in pixels:
        raise ScumbleError("layer-gone", name=name)
    return pixels[index]


def file_bytes(name: str) -> bytes:
    """A picture file as it is. Raises `file-missing`, `picture-unreadable`."""
    path, reason, data = Path(native(name)), "", b""
    try:
        if not path.exists():
            raise ScumbleError("file-missing", name=name)
        reason = "" if path.is_file() else "it is not a file"
        if not reason:
            with path.open("rb") as file:
                data = file.read(MAX_FILE + 1)
            reason = "it is empty" if not data else "it is larger than 256 MiB" if len(data) > MAX_FILE else ""
    except (OSError, ValueError) as e:
        reason = getattr(e, "strerror", None) or str(e)
    if reason:
        raise ScumbleError("picture-unreadable", name=PurePath(name).name, reason=reason)
    return data
