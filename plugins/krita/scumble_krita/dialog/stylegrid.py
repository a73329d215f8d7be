"""A grid of styles to choose from: pictures with titles, moved through by arrows, thinned out by words."""

from __future__ import annotations

from typing import Any, List, Optional

from ..dockparts import RADIUS, paint_rounded, shade
from ..guard import guarded
from ..qt import (
    QFont,
    QFontMetrics,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPainter,
    QPalette,
    QPen,
    QRectF,
    QSize,
    QStyle,
    QStyledItemDelegate,
    Qt,
    Signal,
)
from ..widgets import tip
from ..wire.editor.chooser import Entry
from ..wire.request.stylechoice import StyleChoice
from .thumbs import SIDE, blank

CELL = QSize(SIDE + 14, SIDE + 66)
SMALL = 0.9  # of the dialog's font
ROLE = int(Qt.ItemDataRole.UserRole)


class StyleGrid(QListWidget):
    """Entries as pictures. `looked` tells of the current one, `taken` of the one that Enter or a double click took."""

    looked = Signal(object)
    taken = Signal(object)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setGridSize(CELL)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(Painter(self))
        self.viewport().setAutoFillBackground(False)
        self.setMouseTracking(True)
        self._entries: List[Entry] = []
        self.currentRowChanged.connect(guarded(self._look))
        self.itemDoubleClicked.connect(guarded(self.take_current))

    def fill(self, entries: List[Entry], chosen: Optional[StyleChoice], words: str = "") -> None:
        """Show entries; the chosen one is current, without telling."""
        self.blockSignals(True)
        self.clear()
        self._entries = entries
        for entry in entries:
            item = QListWidgetItem(entry.title)
            item.setData(ROLE, entry)
            item.setToolTip(tip(entry.whole or entry.about))
            item.setSizeHint(CELL)
            self.addItem(item)
            if chosen is not None and entry.choice.is_same_style(chosen):
                self.setCurrentItem(item)
        self.blockSignals(False)
        self.thin_out(words)

    def thin_out(self, words: str) -> int:
        """Show only what matches; how many do."""
        for i, entry in enumerate(self._entries):
            self.setRowHidden(i, not entry.matches(words))
        if self.currentItem() is not None and not self.currentItem().isHidden():
            self.scrollToItem(self.currentItem())
        return sum(not self.isRowHidden(i) for i in range(self.count()))

    def current(self) -> Optional[Entry]:
        """The current entry, if it is in sight."""
        item = self.currentItem()
        return None if item is None or item.isHidden() else item.data(ROLE)

    def to_first(self) -> None:
        """Make the first one in sight current, unless one is."""
        if self.current() is None:
            row = next((i for i in range(self.count()) if not self.isRowHidden(i)), -1)
            self.setCurrentRow(row)

    def take_current(self) -> None:
        """Take the current entry, or the first one in sight."""
        self.to_first()
        entry = self.current()
        if entry is not None:
            self.taken.emit(entry.choice)

    def _look(self) -> None:
        entry = self.current()
        if entry is not None:
            self.looked.emit(entry.choice)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take_current()
        else:
            super().keyPressEvent(event)


class Painter(QStyledItemDelegate):
    """Paints one entry: its picture with round corners, its title and a dim second line."""

    def sizeHint(self, option: Any, index: Any) -> Any:
        return CELL

    @guarded
    def paint(self, painter: Any, option: Any, index: Any) -> None:
        entry, palette = index.data(ROLE), option.palette
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        cell = QRectF(option.rect).adjusted(2, 2, -2, -2)
        highlight = palette.color(QPalette.ColorRole.Highlight)
        if chosen or over:
            painter.setPen(QPen(highlight, 2) if chosen else Qt.PenStyle.NoPen)
            painter.setBrush(shade(palette, 0.13 if chosen else 0.08))
            painter.drawRoundedRect(cell, RADIUS + 1, RADIUS + 1)
        place = QRectF(cell.center().x() - SIDE / 2, cell.top() + 5, SIDE, SIDE)
        paint_rounded(painter, place, entry.picture if entry.picture is not None else blank(palette, entry.title[:1]))
        self._words(painter, option, entry, QRectF(cell.left() + 4, place.bottom() + 3, cell.width() - 8, 52))
        painter.restore()

    def _words(self, painter: Any, option: Any, entry: Entry, room: Any) -> None:
        font = QFont(option.font)
        font.setPointSizeF(font.pointSizeF() * SMALL)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        lines = two_lines(entry.title, metrics, int(room.width()))
        below = metrics.elidedText(entry.below, Qt.TextElideMode.ElideRight, int(room.width()))
        for i, (text, part) in enumerate([*((line, 1.0) for line in lines), (below, 0.6)]):
            painter.setPen(shade(option.palette, part))
            place = QRectF(room.left(), room.top() + i * metrics.height(), room.width(), metrics.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)


def two_lines(text: str, metrics: Any, width: int) -> List[str]:
    """The text in one or two lines; the second is shortened where it does not fit."""
    first, words = "", text.split()
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    lines = [line for line in (first, " ".join(words)) if line]
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines]
