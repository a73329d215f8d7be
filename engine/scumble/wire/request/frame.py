"""A frame among others in their order: what it is held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from ..protocol.pixels import PictureRef
from .fields import read_fields, type_error
from .style import read_picture


@dataclass(frozen=True)
class Frame:
    """The frame `before` this one, as it was, and `painted`, the layer that came of it; the first frame has neither."""

    before: Optional[PictureRef] = None
    painted: Optional[PictureRef] = None

    @classmethod
    def from_plain(cls, plain: object) -> Optional[Frame]:
        """The frame that a request's plain form holds, or none. Raises `option-…`, `picture-format`."""
        if plain is None:
            return None
        frame = cls(**read_fields(cls, plain, {"before": read_picture, "painted": read_picture}, "frame"))
        if (frame.before is None) != (frame.painted is None):
            raise type_error("frame", "incomplete", "the frame before and what was painted of it, or neither")
        return frame
