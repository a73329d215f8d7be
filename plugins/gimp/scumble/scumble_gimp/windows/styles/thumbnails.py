"""Small pictures of styles, by GTK."""

from __future__ import annotations

from typing import Any, Optional

from ...gimplib import GLib
from ...wire.editor.styles import thumbnails as thumbs
from ...wire.request.stylechoice import StyleChoice
from ..gtklib import GdkPixbuf
from ..pictures import decoded, in_a_row, square

SIDE, MASK_SIDE = 92, 20  # points
PAIR = 88  # points: the height of what a style paints like and, beside it, what it paints


class Thumbs(thumbs.Thumbs):
    """GdkPixbufs."""

    biggest = 64 << 20  # GTK reads a file whole

    def __init__(self, engine: Any, layers: Any) -> None:
        super().__init__(engine)
        self._layers = layers

    def of(self, choice: StyleChoice, side: int = SIDE) -> Optional[Any]:
        return super().of(choice, side)

    def of_mask(self, identity: str) -> Optional[Any]:
        """A layer or channel that can be a mask."""
        return self.of(StyleChoice("layer", "", identity), MASK_SIDE)

    def of_library(self, data: bytes, side: int) -> Optional[Any]:
        return _square(decoded(data), side)

    def of_file(self, path: str, side: int) -> Optional[Any]:
        return _square(read_small(path, 4 * side), side)

    def pair(self, choice: StyleChoice, side: int = PAIR) -> Optional[Any]:
        return super().pair(choice, side)

    def wide_file(self, path: str, side: int) -> Optional[Any]:
        return _square(read_small(path, 4 * side), side, 2)

    def wide_layer(self, identity: str, side: int) -> Optional[Any]:
        return _square(self._layers.picture(identity, 2 * side), side, 2)

    def beside(self, left: Any, right: Any, side: int) -> Any:
        return in_a_row(left, right)

    def of_layer(self, identity: str, side: int) -> Optional[Any]:
        return _square(self._layers.picture(identity, side), side)


def _square(picture: Optional[Any], side: int, wide: int = 1) -> Optional[Any]:
    return square(picture, side, wide) if picture is not None else None


def read_small(path: str, side: int) -> Optional[Any]:
    """A picture file, at most `side` long, turned as its camera says; None for what GTK cannot read."""
    try:
        picture = GdkPixbuf.Pixbuf.new_from_file_at_scale(path, side, side, True)
    except GLib.Error:
        return None
    return picture.apply_embedded_orientation()
