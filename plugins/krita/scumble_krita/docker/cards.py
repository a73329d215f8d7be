"""A field for one thing in the docker, and the thin bar that says how far it is."""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import RADIUS, accent, shade
from ..guard import guarded
from ..qt import QtCore, QtGui, QtWidgets


class Card(QtWidgets.QWidget):
    """A rounded field a little off the window's colour; with `hue`, a stripe of that accent at its start."""

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._hue: Optional[int] = None
        self._ghost: Optional[Any] = None

    def become_ghost(self, picture: Any) -> None:
        """Show a picture of this card in its place, which fades while the card shrinks."""
        self._ghost = picture
        for child in self.findChildren(QtWidgets.QWidget):
            child.setVisible(False)

    def set_hue(self, hue: Optional[int]) -> None:
        """The accent of the stripe, or None for none."""
        if hue != self._hue:
            self._hue = hue
            self.update()

    @guarded
    def paintEvent(self, event: Any) -> None:
        """The field and its stripe."""
        painter = QtGui.QPainter(self)
        if self._ghost is not None:
            part = self.height() * self._ghost.devicePixelRatio() / max(1, self._ghost.height())
            painter.setOpacity(min(1.0, part**2))
            painter.drawPixmap(0, 0, self._ghost)
            return
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        field = QtGui.QPainterPath()
        field.addRoundedRect(QtCore.QRectF(self.rect()), RADIUS, RADIUS)
        painter.fillPath(field, shade(self.palette(), 0.07))
        if self._hue is not None:
            painter.setClipPath(field)
            painter.fillRect(0, 0, 3, self.height(), accent(self.palette(), self._hue))


class Bar(QtWidgets.QWidget):
    """A thin bar: how far a job is, from 0 to 1."""

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.part = 0.0
        self.setFixedHeight(5)

    def set_part(self, part: float) -> None:
        """Show `part`; nothing is painted anew when no pixel would change."""
        part = min(1.0, max(0.0, part))
        moved = abs(part - self.part) * max(1, self.width()) >= 0.5 or (part in (0.0, 1.0) and part != self.part)
        if moved:
            self.part = part
            self.update()

    @guarded
    def paintEvent(self, event: Any) -> None:
        """A groove, and the highlight in it."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        groove = QtCore.QRectF(self.rect())
        half = groove.height() / 2
        painter.setBrush(shade(self.palette(), 0.2))
        painter.drawRoundedRect(groove, half, half)
        if self.part > 0:
            groove.setWidth(max(groove.height(), groove.width() * self.part))
            painter.setBrush(self.palette().color(QtGui.QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(groove, half, half)
