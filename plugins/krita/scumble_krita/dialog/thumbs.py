"""Small pictures of styles, by Qt."""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import scaled, shade
from ..qt import QImage, QImageReader, QPainter, QPixmap, QRect, QSize, Qt
from ..wire.editor.styles import thumbnails as thumbs
from ..wire.request.stylechoice import StyleChoice

SIDE = 96  # points
PAIR = 88  # points: the height of what a style paints like and, beside it, what it paints
DENSE = 2  # pixels a point that are kept, for dense screens


class Thumbs(thumbs.Thumbs):
    """QPixmaps of 2 × `SIDE` pixels."""

    def __init__(self, studio: Any, layers: Any) -> None:
        super().__init__(studio)
        self._layers = layers

    def pair(self, choice: StyleChoice, side: int = PAIR) -> Optional[Any]:
        return super().pair(choice, side)

    def of(self, choice: StyleChoice, side: int = SIDE) -> Optional[Any]:
        return super().of(choice, side)

    def of_mask(self, identity: str) -> Optional[Any]:
        """A layer that can be a mask; kept as those of styles are."""
        return self.of(StyleChoice("layer", "", identity))

    def of_library(self, data: bytes, side: int) -> Optional[Any]:
        return _square(QImage.fromData(data), side)

    def of_file(self, path: str, side: int) -> Optional[Any]:
        return _square(read_small(path, DENSE * side), side)

    def wide_file(self, path: str, side: int) -> Optional[Any]:
        return _square(read_small(path, 2 * DENSE * side), side, 2)

    def wide_layer(self, identity: str, side: int) -> Optional[Any]:
        return _square(self._layers.picture(identity, 2 * DENSE * side), side, 2)

    def beside(self, left: Any, right: Any, side: int) -> Any:
        made = QPixmap(2 * DENSE * side, DENSE * side)
        made.setDevicePixelRatio(DENSE)
        painter = QPainter(made)
        painter.drawPixmap(0, 0, left)
        painter.drawPixmap(side, 0, right)
        painter.end()
        return made

    def of_layer(self, identity: str, side: int) -> Optional[Any]:
        return _square(self._layers.picture(identity, DENSE * side), side)


def _square(image: Any, side: int, wide: int = 1) -> Optional[Any]:
    """The middle of an image as a square, or as one that is so many times as `wide`."""
    fits = image is not None and not image.isNull()
    return scaled(image, QSize(wide * side, side), DENSE, cover=True) if fits else None


def read_small(path: str, side: int) -> Optional[Any]:
    """A picture file as a QImage whose short side has `side` pixels or fewer, turned as its camera says."""
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and min(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    return None if image.isNull() else image


def blank(palette: Any, text: str = "", wide: int = 1) -> Any:
    """What stands where there is no picture; so many times as `wide` as it is high."""
    pixmap = QPixmap(wide * DENSE * SIDE, DENSE * SIDE)
    pixmap.fill(shade(palette, 0.12))
    if text:
        painter = QPainter(pixmap)
        font = painter.font()
        font.setPixelSize(DENSE * SIDE // 5)
        painter.setFont(font)
        painter.setPen(shade(palette, 0.55))
        painter.drawText(QRect(0, 0, wide * DENSE * SIDE, DENSE * SIDE), int(Qt.AlignmentFlag.AlignCenter), text)
        painter.end()
    pixmap.setDevicePixelRatio(DENSE)
    return pixmap
