"""One style of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional

from ..protocol.pixels import PictureRef
from .choices import EVERYWHERE, PARTS
from .declarations import RequestOptions
from .fields import read_fields
from .options import Option, declared_options, option, same_option

LEAST_SIDE = 48  # pixels, of a picture that a style can be learned from
_PICTURES = ("picture", "mask", "picture_mask")


@dataclass(frozen=True)
class Style:
    """One style of a request: a library entry (`name`) or a picture, with weight, stroke size and mask;
    `strength` and `content_weight` are factors of the request's, which hold where the style applies.
    `where` is a mask that the engine finds; with a mask of pixels beside it the style applies where both hold.
    `picture_mask` says what of the style's own picture counts: it has the picture's size, in any form of a mask file,
    or is stretched to it. `picture_where` says it by name: a place that is found there. With both, what is in both.

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
    strength: float = option(
        1.0, "How far this style goes from the content (0) to the style (1), of the whole's strength.", "Strength",
        low=0.0, high=1.0, basic=True,
    )  # fmt: skip
    content_weight: float = option(
        1.0, "How closely this style keeps the photograph, times the whole's.", "Keep the photograph",
        low=0.0, high=16.0, unit="×", basic=True,
    )  # fmt: skip

    where: str = same_option(RequestOptions, "where")
    picture_mask: Optional[PictureRef] = None
    picture_mask_stretched: bool = option(
        False, "The mask on the style's picture may be of another size; it is stretched to the picture's.", "Stretched"
    )
    picture_where: str = option(
        EVERYWHERE,
        "What of the style's own picture is taken; it is found by the engine.",
        "From",
        choices=PARTS,
        basic=True,
    )

    @classmethod
    def from_plain(cls, plain: object) -> Style:
        """The style that a request's plain form holds. Raises `option-…` by name, `picture-format`."""
        return cls(**read_fields(cls, plain, {n: read_picture for n in _PICTURES}, "style"))


STYLE_OPTIONS: Dict[str, Option] = {o.name: o for o in declared_options(Style)}
STYLE_NUMBERS = tuple(o.name for o in STYLE_OPTIONS.values() if o.kind == "float")  # of each style its own


def numbers_of(style: Any) -> Dict[str, Any]:
    """A style's own numbers by name, from whatever has them: `Style`, `StyleChoice`, the command line's."""
    return {name: getattr(style, name) for name in STYLE_NUMBERS}


def read_picture(value: object) -> Optional[PictureRef]:
    """A picture reference, or none. Raises `picture-format`."""
    return None if value is None else PictureRef.from_plain(value)
