"""One style of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional

from ..protocol.pixels import PictureRef
from .fields import read_fields
from .options import Option, declared_options, option


@dataclass(frozen=True)
class Style:
    """One style of a request: a library entry (`name`) or a picture, with weight, stroke size and mask.

    `name` alone means an entry of the library; with `picture` it is only what the user calls the picture. A mask has
    one channel and lies on the canvas like the content.
    """

    name: str = option("", "Library entry, or what the picture is called.", "Style", kind="text", basic=True)
    weight: float = option(1.0, "Share of this style; shares are relative.", "Share", low=0.0, high=100.0, basic=True)
    stroke_size: float = option(
        1.0, "Size of strokes relative to the picture.", "Strokes", low=0.25, high=4.0, unit="×", basic=True
    )
    picture: Optional[PictureRef] = None
    mask: Optional[PictureRef] = None

    @classmethod
    def from_plain(cls, plain: object) -> Style:
        """The style that a request's plain form holds. Raises `option-…` by name, `picture-format`."""
        return cls(**read_fields(cls, plain, {"picture": read_picture, "mask": read_picture}, "style"))


STYLE_OPTIONS: Dict[str, Option] = {o.name: o for o in declared_options(Style)}


def read_picture(value: object) -> Optional[PictureRef]:
    """A picture reference, or none. Raises `picture-format`."""
    return None if value is None else PictureRef.from_plain(value)
