"""Which frames an animated layer of ours was painted from, where and led by what: told in its settings."""

from __future__ import annotations

import zlib
from dataclasses import astuple
from typing import Any, Mapping, NamedTuple, Optional, Tuple

from krita import Selection

from ..wire.request.geometry import Box
from .masks import selection_box


class Shot(NamedTuple):
    """The times of the frames, whether those were `whole`, all that there were, and the layer that led them.

    On a canvas of `canvas` pixels `box` was selected, as `mask` says: its 8 bits a pixel, deflated. Without a box all.
    """

    times: Tuple[int, ...]
    whole: bool
    by_hand: str = ""  # its identity
    canvas: Tuple[int, int] = (0, 0)
    box: Optional[Box] = None
    mask: bytes = b""

    def with_selection(self, selection: Any) -> Shot:
        """The same in a selection of Krita's; None, and one that holds all of the canvas, is none."""
        whole, found = Box(0, 0, *self.canvas), selection_box(selection)
        box = found.clipped(whole) if found is not None else None
        if not box:
            return self._replace(box=None, mask=b"")
        data = bytes(selection.pixelData(*astuple(box)))
        if box == whole and data.count(255) == len(data):
            return self._replace(box=None, mask=b"")
        return self._replace(box=box, mask=zlib.compress(data))

    def selection(self, canvas: Tuple[int, int]) -> Optional[Any]:
        """What was selected, as a selection of Krita's own: all of the canvas, too.

        None where it is known no more: it is damaged, or the canvas another.
        """
        found = Selection()
        if self.box is None:
            found.select(0, 0, *canvas, 255)
            return found
        data = _inflated(self.mask, self.box.width * self.box.height)
        if canvas != self.canvas or data is None:
            return None
        found.setPixelData(data, *astuple(self.box))
        return found

    def to_plain(self) -> Mapping[str, Any]:
        """All but the mask, for JSON."""
        plain = {"times": list(self.times), "whole": self.whole, "by_hand": self.by_hand, "canvas": list(self.canvas)}
        return plain if self.box is None else {**plain, "box": list(astuple(self.box))}

    @classmethod
    def from_plain(cls, plain: Any, mask: bytes) -> Optional[Shot]:
        """None where it is damaged."""
        try:
            box, canvas = plain.get("box"), (int(plain["canvas"][0]), int(plain["canvas"][1]))
            times = tuple(sorted({int(t) for t in plain["times"]}))
            place = Box(*map(int, box)).clipped(Box(0, 0, *canvas)) if box is not None else None
            return cls(times, bool(plain["whole"]), str(plain["by_hand"]), canvas, place, mask)
        except (AttributeError, LookupError, TypeError, ValueError):
            return None


def _inflated(data: bytes, size: int) -> Optional[bytes]:
    """The `size` bytes that they were; None where they are others, or damaged."""
    try:
        found = zlib.decompressobj().decompress(data, size + 1)
    except zlib.error:
        return None
    return found if len(found) == size else None
