"""A job's live picture in its card: above the words as wide as the docker, or beside them; it never jumps."""

from __future__ import annotations

from typing import Any, Optional, Tuple

from ..dockparts import RADIUS, TALLEST, paint_rounded, scaled, shade
from ..guard import guarded
from ..qt import QtCore, QtGui, QtWidgets

GROWS_IN = 180  # milliseconds
LEAST = 24  # pixels


class PictureView(QtWidgets.QWidget):
    """The newest preview. Its size follows from the picture's shape and the room, so that later ones stay put.

    Above the words it grows in with the first preview; beside them it holds its place before there is one.
    """

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._image: Optional[Any] = None
        self._pixmap: Optional[Any] = None
        self._aspect = 0.0  # height over width; 0 before it is known
        self._room, self._beside = (200, TALLEST), False
        self._growing = QtCore.QVariantAnimation(self)
        self._growing.setDuration(GROWS_IN)
        self._growing.setEasingCurve(QtCore.QEasingCurve.Type.OutCubic)
        self._growing.valueChanged.connect(self._grow)
        self.setVisible(False)

    def set_room(self, width: int, height: int, beside: bool) -> None:
        """The most it may take, in pixels, and whether words stand beside it."""
        room = (max(LEAST, width), max(LEAST, height))
        if (room, beside) != (self._room, self._beside):
            self._room, self._beside = room, beside
            self._growing.stop()
            self._settle()

    def expect(self, aspect: float) -> None:
        """A picture of this shape (height over width) will come: hold its place, where words stand beside it."""
        if not self._aspect and aspect > 0:
            self._aspect = aspect
            self._settle()

    def set_image(self, image: Optional[Any]) -> None:
        """Show a QImage; the same one again costs nothing."""
        if image is None or image.isNull():
            return
        if self._image is not None and self._image.cacheKey() == image.cacheKey():
            return
        first, self._image, self._pixmap = self._image is None, image, None
        if not self._aspect:
            self._aspect = image.height() / max(1, image.width())
        if first and not self._beside:
            self._reveal()
        elif first:
            self._settle()
        self.update()

    def clear(self) -> None:
        """Go away for good: there is nothing to look at any more."""
        self._growing.stop()
        self._image, self._aspect = None, 0.0
        self._settle()

    def size_of_picture(self) -> Tuple[int, int]:
        """Width and height that it is painted in."""
        width, height = self._room
        part = min(width, height / self._aspect) if self._aspect else width
        return max(1, round(part)), max(LEAST, min(height, round(part * self._aspect)))

    def _settle(self) -> None:
        """Take the size at once."""
        shown = bool(self._aspect) and (self._beside or self._image is not None)
        width, height = self.size_of_picture()
        self.setMinimumWidth(width if self._beside else 0)
        self.setMaximumWidth(width if self._beside else 16777215)
        self.setFixedHeight(height)
        if shown == self.isHidden():
            self.setVisible(shown)
        self.update()

    def _reveal(self) -> None:
        self.setFixedHeight(1)
        self.setVisible(True)
        self._growing.setStartValue(1)
        self._growing.setEndValue(self.size_of_picture()[1])
        self._growing.start()

    @guarded
    def _grow(self, height: Any) -> None:
        self.setFixedHeight(int(height))

    @guarded
    def paintEvent(self, event: Any) -> None:
        """The picture, whole, in the middle; before there is one, its place."""
        width, height = self.size_of_picture()
        width = min(width, self.width())
        shown = QtCore.QRectF((self.width() - width) / 2, 0, width, min(height, self.height()))
        painter = QtGui.QPainter(self)
        if self._image is None:
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            place = QtGui.QPainterPath()
            place.addRoundedRect(shown, RADIUS - 1, RADIUS - 1)
            painter.fillPath(place, shade(self.palette(), 0.13))
            return
        ratio = self.devicePixelRatioF()
        if self._pixmap is None or self._pixmap.width() != max(1, round(width * ratio)):
            self._pixmap = scaled(self._image, QtCore.QSize(width, height), ratio)
        paint_rounded(painter, shown, self._pixmap)
