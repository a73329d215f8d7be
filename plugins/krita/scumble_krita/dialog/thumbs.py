"""Small pictures of styles: of the library's, of files, of the document's layers. Each is made once."""

from __future__ import annotations

import os
from typing import Any, Dict, Optional, Tuple

from ..dockparts import scaled, shade
from ..qt import QImage, QImageReader, QPainter, QPixmap, QRect, QSize, Qt
from ..wire.paths import native
from ..wire.recipe import StyleChoice

SIDE = 96  # points
DENSE = 2  # pixels a point that are kept, for dense screens
BIGGEST = 256 * 1024 * 1024  # bytes of a file that is looked into


class Thumbs:
    """Square pictures (QPixmap of 2 × `SIDE` pixels) of whatever a style can be."""

    def __init__(self, studio: Any, layers: Any) -> None:
        self._studio, self._layers = studio, layers
        self._made: Dict[Tuple[Any, ...], Any] = {}

    def of(self, choice: StyleChoice) -> Optional[Any]:
        """The picture of a choice; None where there is none."""
        if choice.source == "library":
            return self._library(choice.name)
        return self._file(choice.name) if choice.source == "file" else self._layer(choice.layer)

    def _library(self, name: str) -> Optional[Any]:
        data = next((s.thumbnail for s in self._studio.styles if s.name == name), b"")
        return self._once(("library", name, len(data)), lambda: QImage.fromData(data)) if data else None

    def _file(self, path: str) -> Optional[Any]:
        """Of a picture file, read no larger than needed; None for what Qt cannot read."""
        try:
            found = os.stat(native(path))
        except OSError:
            return None
        if found.st_size > BIGGEST:
            return None
        return self._once(("file", path, found.st_mtime_ns), lambda: read_small(path, DENSE * SIDE))

    def _layer(self, node_id: str) -> Optional[Any]:
        return self._once(("layer", node_id), lambda: self._layers.picture(node_id, DENSE * SIDE))

    def forget_layers(self) -> None:
        """Layers are looked at anew: they may have been painted on."""
        self._made = {k: v for k, v in self._made.items() if k[0] != "layer"}

    def _once(self, key: Tuple[Any, ...], make: Any) -> Optional[Any]:
        if key not in self._made:
            image = make()
            fits = image is not None and not image.isNull()
            self._made[key] = scaled(image, QSize(SIDE, SIDE), DENSE, cover=True) if fits else None
        return self._made[key]


def read_small(path: str, side: int) -> Optional[Any]:
    """A picture file as a QImage whose short side has `side` pixels or fewer, turned as its camera says."""
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and min(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    return None if image.isNull() else image


def blank(palette: Any, text: str = "") -> Any:
    """What stands where there is no picture."""
    pixmap = QPixmap(DENSE * SIDE, DENSE * SIDE)
    pixmap.fill(shade(palette, 0.12))
    if text:
        painter = QPainter(pixmap)
        font = painter.font()
        font.setPixelSize(DENSE * SIDE // 5)
        painter.setFont(font)
        painter.setPen(shade(palette, 0.55))
        painter.drawText(QRect(0, 0, DENSE * SIDE, DENSE * SIDE), int(Qt.AlignmentFlag.AlignCenter), text)
        painter.end()
    pixmap.setDevicePixelRatio(DENSE)
    return pixmap
