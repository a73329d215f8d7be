"""What is drawn over the preview's picture: words, chips, and the line between before and after."""

from __future__ import annotations

from typing import Any

from ...dockparts import shade
from ...qt import QColor, QPen, QPointF, QRectF, Qt

GRIP = 11  # points: the radius of what one holds the line by
DARK, WHITE = QColor(0, 0, 0, 175), QColor(255, 255, 255)


def draw_chip(painter: Any, place: Any, text: str, right: bool = False) -> None:
    """A short word in the upper left corner of `place`, or the upper `right` one."""
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(text) + 20, metrics.height() + 8
    left = place.right() - 8 - width if right else place.left() + 8
    chip = QRectF(left, place.top() + 8, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(DARK)
    painter.drawRoundedRect(chip, height / 2, height / 2)
    painter.setPen(WHITE)
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), text)


def draw_line(painter: Any, place: Any, x: float) -> None:
    """The line, with a grip of two arrowheads in its middle."""
    top, bottom = float(place.top()), float(place.bottom() + 1)
    for colour, wide in ((DARK, 4), (WHITE, 2)):
        painter.setPen(QPen(colour, wide))
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))
    middle = QPointF(x, (top + bottom) / 2)
    painter.setPen(QPen(DARK, 1))
    painter.setBrush(WHITE)
    painter.drawEllipse(middle, GRIP, GRIP)
    painter.setPen(QPen(QColor(40, 40, 40), 2))
    for way in (-1, 1):
        tip = QPointF(x + way * 7, middle.y())
        for y in (-3, 3):
            painter.drawLine(tip, QPointF(x + way * 3.5, middle.y() + y))


def draw_words(painter: Any, widget: Any, text: str, over: bool) -> None:
    """A sentence in the middle, or where a picture is, `over` its lower edge."""
    flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
    room = widget.rect().adjusted(28, 20, -28, -20)
    needed = painter.boundingRect(QRectF(room), flags, text).adjusted(-14, -10, 14, 10)
    if over:
        needed.moveBottom(widget.rect().bottom() - 18.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 185))
        painter.drawRoundedRect(needed, 6, 6)
        painter.setPen(WHITE)
    else:
        painter.setPen(shade(widget.palette(), 0.75))
    painter.drawText(needed, flags, text)
