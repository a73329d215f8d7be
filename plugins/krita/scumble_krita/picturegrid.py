"""What grids of pictures share: cells in columns, moved through by arrows, and how a cell is painted behind."""

from __future__ import annotations

from typing import Any, List

from .dockparts import RADIUS, shade
from .guard import guarded
from .qt import QListView, QListWidget, QPainter, QPalette, QPen, QStyle, Qt


class PictureGrid(QListWidget):
    """Cells of one size. Enter or a double click takes the current one (`take_current`)."""

    def __init__(self, scrolls: bool, parent: Any = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        never, always = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        self.setHorizontalScrollBarPolicy(never)
        self.setVerticalScrollBarPolicy(always if scrolls else never)  # else columns are counted before it goes
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.itemDoubleClicked.connect(guarded(lambda _: self.take_current()))

    def cell(self) -> Any:
        """How large a cell is, a QSize."""
        raise NotImplementedError

    def take_current(self) -> None:
        """Take the current cell."""
        raise NotImplementedError

    @guarded
    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.setGridSize(self.cell())
        for row in range(self.count()):
            self.item(row).setSizeHint(self.cell())

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take_current()
        else:
            super().keyPressEvent(event)


def paint_ground(painter: Any, option: Any, cell: Any) -> None:
    """What lies behind a cell that is current, or under the mouse; smooth from here on."""
    palette = option.palette
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    if chosen or option.state & QStyle.StateFlag.State_MouseOver:
        highlight = palette.color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(highlight, 2) if chosen else Qt.PenStyle.NoPen)
        painter.setBrush(shade(palette, 0.13 if chosen else 0.08))
        painter.drawRoundedRect(cell, RADIUS + 1, RADIUS + 1)


def two_lines(text: str, metrics: Any, width: int) -> List[str]:
    """The text in one or two lines; the second is shortened where it does not fit."""
    first, words = "", text.split()
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    lines = [line for line in (first, " ".join(words)) if line]
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines]
