"""What the docker shows while there is nothing to show: how to begin."""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import AMBER, GAP, accent, column, mix, shade
from ..guard import guarded
from ..qt import QtCore, QtGui, QtWidgets
from ..texts import tr
from ..wrappedtext import WrappedText

STROKES = ((0.10, 0.30, 0.72), (0.26, 0.52, 0.92), (0.06, 0.74, 0.60))  # from x to x at y, in parts of the emblem
_WRAP = int(QtCore.Qt.TextFlag.TextWordWrap)


class Emblem(QtWidgets.QWidget):
    """Three strokes of a dry brush over a picture's frame, in the theme's own colours."""

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.setFixedSize(76, 56)

    @guarded
    def paintEvent(self, event: Any) -> None:
        """The frame, then the strokes."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        frame = QtCore.QRectF(self.rect()).adjusted(8, 2, -8, -2)
        painter.setPen(QtGui.QPen(shade(self.palette(), 0.32), 1.5))
        painter.drawRoundedRect(frame, 5, 5)
        highlight = self.palette().color(QtGui.QPalette.ColorRole.Highlight)
        warm = accent(self.palette(), AMBER)
        wide, high = self.width(), self.height()
        for part, (left, y, right) in zip((0.0, 0.45, 0.8), STROKES):
            colour = QtGui.QColor(mix(highlight, warm, part))
            colour.setAlphaF(0.85)
            pen = QtGui.QPen(colour, 8)
            pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            stroke = QtGui.QPainterPath(QtCore.QPointF(left * wide, y * high))
            middle = (left + right) / 2 * wide
            stroke.quadTo(QtCore.QPointF(middle, (y - 0.16) * high), QtCore.QPointF(right * wide, y * high))
            painter.drawPath(stroke)


class EmptyView(QtWidgets.QWidget):
    """A friendly word on what to do first: as much of it as there is room for, and never a part."""

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._first, self._more, self._emblem = WrappedText(centred=True), WrappedText(dim=True, centred=True), Emblem()
        self._first.set_text(tr("Select something, then Style Transfer…"))
        self._more.set_text(
            tr("Without a selection the whole layer is painted. The result is a new layer; yours stays as it is.")
        )
        layout = column(self, (GAP, GAP, GAP, GAP), gap=2 * GAP)
        layout.addStretch(1)
        layout.addWidget(self._emblem, 0, QtCore.Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._first)
        layout.addWidget(self._more)
        layout.addStretch(2)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Expanding)

    @guarded
    def resizeEvent(self, event: Any) -> None:
        """The sentence comes first, then what explains it, then the emblem."""
        super().resizeEvent(event)
        left = self.height() - GAP
        for part in (self._first, self._more, self._emblem):
            left -= self._height_of(part) + GAP
            if part.isHidden() == (left >= 0):
                part.setVisible(left >= 0)

    def minimumSizeHint(self) -> Any:
        """It asks for nothing."""
        return QtCore.QSize(40, 1)

    def _height_of(self, part: Any) -> int:
        """What `part` takes with a gap above, at the width that there is."""
        if part is self._emblem:
            return int(part.height()) + GAP
        box = QtCore.QRect(0, 0, max(40, self.width() - 2 * GAP), 10_000)
        return int(QtGui.QFontMetrics(part.font()).boundingRect(box, _WRAP, part.text).height()) + GAP
