"""A picture in a card: as wide as the docker, at most some height, grown in gently and never jumping."""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import TALLEST, paint_rounded, scaled
from ..guard import guarded
from ..qt import QtCore, QtGui, QtWidgets

GROWS_IN = 180  # milliseconds


class PictureView(QtWidgets.QWidget):
    """The newest preview. Its height follows from the first one and the docker's width, so that later ones stay put."""

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._image: Optional[Any] = None
        self._pixmap: Optional[Any] = None
        self._aspect = 0.0  # height over width
        self._basis, self._tallest = 200, TALLEST
        self._growing = QtCore.QVariantAnimation(self)
        self._growing.setDuration(GROWS_IN)
        self._growing.setEasingCurve(QtCore.QEasingCurve.Type.OutCubic)
        self._growing.valueChanged.connect(self._grow)
        self.setVisible(False)

    def set_basis(self, width: int, tallest: int) -> None:
        """What its height is reckoned from, in pixels: the docker's width, which no scroll bar changes, and a limit."""
        if (width, tallest) != (self._basis, self._tallest):
            self._basis, self._tallest = max(1, width), tallest
            self._growing.stop()
            if self._aspect:
                self.setFixedHeight(self._full_height())

    def set_image(self, image: Optional[Any]) -> None:
        """Show a QImage; the same one again costs nothing."""
        if image is None or image.isNull():
            return
        if self._image is not None and self._image.cacheKey() == image.cacheKey():
            return
        self._image, self._pixmap = image, None
        if not self._aspect:
            self._aspect = image.height() / max(1, image.width())
            self._reveal()
        self.update()

    def _reveal(self) -> None:
        self.setFixedHeight(1)
        self.setVisible(True)
        self._growing.setStartValue(1)
        self._growing.setEndValue(self._full_height())
        self._growing.start()

    @guarded
    def _grow(self, height: Any) -> None:
        self.setFixedHeight(int(height))

    def _full_height(self) -> int:
        return max(24, min(self._tallest, round(self._basis * self._aspect)))

    @guarded
    def paintEvent(self, event: Any) -> None:
        """The picture, whole, in the middle."""
        if self._image is None:
            return
        full = self._full_height()
        wide = min(self.width(), max(1, round(full / self._aspect)))
        ratio = self.devicePixelRatioF()
        if self._pixmap is None or self._pixmap.width() != max(1, round(wide * ratio)):
            self._pixmap = scaled(self._image, QtCore.QSize(wide, full), ratio)
        shown = QtCore.QRectF((self.width() - wide) / 2, 0, wide, min(full, self.height()))
        paint_rounded(QtGui.QPainter(self), shown, self._pixmap)
