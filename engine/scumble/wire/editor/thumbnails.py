"""Small pictures of styles: of the library's, of files, of an image's layers. Each is made once."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, Optional, Tuple

from ..protocol.paths import native
from ..request.stylechoice import StyleChoice

BIGGEST = 256 << 20  # bytes of a file that is looked into


class Thumbs:
    """Square pictures of whatever a style can be. An editor's own says how they are made, `side` points long."""

    biggest = BIGGEST

    def __init__(self, library: Any) -> None:
        """`library` has `styles`: those of `wire.editor.library`."""
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

    def _file(self, path: str, side: int) -> Optional[Any]:
        try:
            found = os.stat(native(path))
        except OSError:
            return None
        if found.st_size > self.biggest:
            return None
        return self._once(("file", path, found.st_mtime_ns, side), lambda: self.of_file(path, side))

    def _once(self, key: Tuple[Any, ...], make: Callable[[], Any]) -> Optional[Any]:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]
