"""A frame among others in their order: what it is held to, and what was painted by hand of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Optional, Tuple

from ..protocol.errors import ScumbleError
from ..protocol.pixels import PictureRef
from .fields import read_fields, read_list, type_error
from .style import read_picture

MAX_KEYS = 2  # of a frame: the one before it and the one after it
MAX_WAY = 500  # frames between a frame and its key


@dataclass(frozen=True)
class Key:
    """A frame whose picture was `painted` by hand, and `content`, what it was painted over.

    `way` are the contents of the frames between it and this one, from the key on; `distance` is how far it is, in any
    unit, 0 where it is this frame itself. All pictures have the size and the place of this frame's content.
    """

    content: Optional[PictureRef] = None
    painted: Optional[PictureRef] = None
    way: Tuple[PictureRef, ...] = ()
    distance: float = 0.0

    @classmethod
    def from_plain(cls, plain: object) -> Key:
        """The key that `to_plain` described. Raises `option-…`, `picture-format`, `key-incomplete`, `key-far`."""
        readers = {"content": read_picture, "painted": read_picture, "way": _way, "distance": _distance}
        key = cls(**read_fields(cls, plain, readers, "key"))
        if key.content is None or key.painted is None:
            raise ScumbleError("key-incomplete", what="content" if key.content is None else "painted")
        return key

    def pictures(self) -> Iterator[PictureRef]:
        """All of them; the contents first, from the key on."""
        for ref in (self.content, *self.way, self.painted):
            if ref is not None:
                yield ref


@dataclass(frozen=True)
class Frame:
    """The frame `before` this one, as it was, and `painted`, the layer that came of it; the first frame has neither.

    `keys` are the nearest frames that were painted by hand: one, or one before it and one after it.
    """

    before: Optional[PictureRef] = None
    painted: Optional[PictureRef] = None
    keys: Tuple[Key, ...] = ()

    @classmethod
    def from_plain(cls, plain: object) -> Optional[Frame]:
        """The frame that a request's plain form holds, or none. Raises `option-…`, `picture-format`, `key-…`."""
        if plain is None:
            return None
        readers = {"before": read_picture, "painted": read_picture, "keys": _keys}
        frame = cls(**read_fields(cls, plain, readers, "frame"))
        if (frame.before is None) != (frame.painted is None):
            raise type_error("frame", "incomplete", "the frame before and what was painted of it, or neither")
        return frame

    def check(self, content: PictureRef) -> None:
        """Raise `key-differs` where a key's pictures are not as large as `content`, or lie elsewhere, or where one at
        the distance 0 was painted over something else.
        """
        for key in self.keys:
            for ref in key.pictures():
                if _place(ref) != _place(content):
                    raise ScumbleError("key-differs", name="key", is_of=_place(ref), size=_place(content))
            if key.distance <= 0 and key.content != content:
                raise ScumbleError("key-differs", name="key", is_of="it is of another", size="this one, at distance 0")


def _place(ref: PictureRef) -> str:
    """“640×480 at 0, 0”."""
    return f"{ref.raw.width}×{ref.raw.height} at {ref.x}, {ref.y}"


def _keys(value: object) -> Tuple[Key, ...]:
    keys = read_list("keys", value, Key.from_plain, "a list of keys")
    if len(keys) > MAX_KEYS:
        raise type_error("keys", f"{len(keys)} keys", "at most one before the frame and one after it")
    return keys


def _way(value: object) -> Tuple[PictureRef, ...]:
    if isinstance(value, (list, tuple)) and len(value) > MAX_WAY:
        raise ScumbleError("key-far", count=len(value), most=MAX_WAY)
    return read_list("way", value, PictureRef.from_plain, "a list of pictures")


def _distance(value: object) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 1e9:
        raise type_error("distance", value, "a number from 0")
    return float(value)
