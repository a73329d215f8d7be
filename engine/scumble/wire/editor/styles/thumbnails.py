"""Small pictures of styles: of the library's, of files, of an image's layers. Each is made once."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, Optional, Tuple

from ...protocol.paths import native
from ...request.stylechoice import StyleChoice

BIGGEST = 256 << 20  # bytes of a file that is looked into


class Thumbs:
    """Square pictures of whatever a style can be. An editor's own says how they are made, `side` points long."""

    biggest = BIGGEST

    def __init__(self, library: Any) -> None:
        """`library` has `styles`: those of `wire.editor.styles.library`."""
        self._library = library
        self._made: Dict[Tuple[Any, ...], Any] = {}

    def of(self, choice: StyleChoice, side: int) -> Optional[Any]:
        """The picture of a choice; None where there is none."""
        if choice.source == "library":
            data = next((s.thumbnail for s in self._library.styles if s.name == choice.name), b"")
            key = ("library", choice.name, len(data), side)
            return self._once(key, lambda: self.of_library(data, side)) if data else None
        if choice.source == "file":
            return self._file(choice.name, side)
        return self._once(("layer", choice.layer, side), lambda: self.of_layer(choice.layer, side))

    def pair(self, choice: StyleChoice, side: int) -> Optional[Any]:
        """A picture twice as wide as high: what a style paints like, and beside it what it paints; else one of them."""
        style = self._style(choice)
        painted = self.of(choice, side) if choice.source == "library" else None
        path = style.picture if style is not None else choice.name if choice.source == "file" else ""
        if choice.source == "layer":
            return self._once(("layer", choice.layer, "wide", side), lambda: self.wide_layer(choice.layer, side))
        wide = painted is None
        like = self._file(path, side, "wide" if wide else "square") if path else None
        if like is None or painted is None:
            return like if like is not None else painted
        size = len(style.thumbnail) if style is not None else 0
        return self._once(("pair", choice.name, path, size, side), lambda: self.beside(like, painted, side))

    def _style(self, choice: StyleChoice) -> Optional[Any]:
        if choice.source != "library":
            return None
        return next((s for s in self._library.styles if s.name == choice.name), None)

    def forget_layers(self) -> None:
        """Layers are looked at anew: they may have been painted on."""
        self._made = {k: v for k, v in self._made.items() if k[0] != "layer"}

    def of_library(self, data: bytes, side: int) -> Optional[Any]:
        """A picture from a JPEG; None for a damaged one."""
        raise NotImplementedError

    def of_file(self, path: str, side: int) -> Optional[Any]:
        """A picture of a file; None for what cannot be read."""
        raise NotImplementedError

    def of_layer(self, identity: str, side: int) -> Optional[Any]:
        """A picture of a layer; None where it is gone or empty."""
        raise NotImplementedError

    def wide_file(self, path: str, side: int) -> Optional[Any]:
        """A picture of a file, twice as wide as high; None for what cannot be read."""
        raise NotImplementedError

    def wide_layer(self, identity: str, side: int) -> Optional[Any]:
        """A picture of a layer, twice as wide as high; None where it is gone or empty."""
        raise NotImplementedError

    def beside(self, left: Any, right: Any, side: int) -> Any:
        """Two square pictures in one."""
        raise NotImplementedError

    def _file(self, path: str, side: int, form: str = "square") -> Optional[Any]:
        try:
            found = os.stat(native(path))
        except OSError:
            return None
        if found.st_size > self.biggest:
            return None
        make = self.wide_file if form == "wide" else self.of_file
        return self._once(("file", path, found.st_mtime_ns, side, form), lambda: make(path, side))

    def _once(self, key: Tuple[Any, ...], make: Callable[[], Any]) -> Optional[Any]:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]
