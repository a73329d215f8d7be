"""Small pictures of styles: of the library's, of files, of the image's layers. Each is made once."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, Optional, Tuple

from ..gimplib import GLib
from ..wire.recipe import StyleChoice
from .gtklib import GdkPixbuf
from .pictures import decoded, square

SIDE = 92  # points
BIGGEST = 64 * 1024 * 1024  # bytes of a file that is looked into


class Thumbs:
    """Square pictures of whatever a style can be, or None."""

    def __init__(self, engine: Any, layers: Any) -> None:
        self._engine, self._layers = engine, layers
        self._made: Dict[Tuple[Any, ...], Any] = {}

    def of(self, choice: StyleChoice, side: int = SIDE) -> Optional[Any]:
        """The picture of a choice."""
        if choice.source == "library":
            return self._library(choice.name, side)
        return self._file(choice.name, side) if choice.source == "file" else self._layer(choice.layer, side)

    def forget_layers(self) -> None:
        """Layers are looked at anew: they may have been painted on."""
        self._made = {k: v for k, v in self._made.items() if k[0] != "layer"}

    def _library(self, name: str, side: int) -> Optional[Any]:
        data = next((s.thumbnail for s in self._engine.styles if s.name == name), b"")
        return self._once(("library", name, side), side, lambda: decoded(data)) if data else None

    def _file(self, path: str, side: int) -> Optional[Any]:
        try:
            found = os.stat(path)
        except OSError:
            return None
        if found.st_size > BIGGEST:
            return None
        return self._once(("file", path, found.st_mtime_ns, side), side, lambda: read_small(path, 4 * side))

    def _layer(self, identity: str, side: int) -> Optional[Any]:
        return self._once(("layer", identity, side), side, lambda: self._layers.picture(identity, side))

    def _once(self, key: Tuple[Any, ...], side: int, make: Callable[[], Any]) -> Optional[Any]:
        if key not in self._made:
            picture = make()
            self._made[key] = square(picture, side) if picture is not None else None
        return self._made[key]


def read_small(path: str, side: int) -> Optional[Any]:
    """A picture file, at most `side` long, turned as its camera says; None for what GTK cannot read."""
    try:
        picture = GdkPixbuf.Pixbuf.new_from_file_at_scale(path, side, side, True)
    except GLib.Error:
        return None
    return picture.apply_embedded_orientation()
