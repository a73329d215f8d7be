"""A grid of styles to choose from: pictures with titles, moved through by arrows, thinned out by words."""

from __future__ import annotations

from typing import Any, List, Optional

from ..dockparts import paint_rounded, shade
from ..guard import guarded
from ..picturegrid import PictureGrid, paint_ground, two_lines
from ..qt import (
    QColor,
    QFont,
    QFontMetrics,
    QListView,
    QListWidgetItem,
    QRectF,
    QSize,
    QStyledItemDelegate,
    Qt,
    Signal,
)
from ..widgets import tip
from ..wire.editor.styles.chooser import ALL, Entry
from ..wire.request.stylechoice import StyleChoice
from .thumbs import PAIR, blank

LEAST = 2 * PAIR + 14  # points: the least width of a cell
TALL = PAIR + 66
ROOM = 6  # points that Qt wants beside the cells of a row
SMALL = 0.9  # of the dialog's font
ROLE = int(Qt.ItemDataRole.UserRole)


class StyleGrid(PictureGrid):
    """Entries as pictures. `looked` tells of the current one, `taken` of the one that Enter or a double click took."""

    looked = Signal(object)
    taken = Signal(object)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(True, parent)
        self._group = ALL
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(Painter(self))
        self._entries: List[Entry] = []
        self.currentRowChanged.connect(guarded(self._look))

    def cell(self) -> Any:
        """How large one is: together they use the width there is."""
        width = max(LEAST, self.viewport().width() - ROOM)
        return QSize(width // (width // LEAST), TALL)

    def fill(self, entries: List[Entry], chosen: Optional[StyleChoice], words: str = "") -> None:
        """Show entries; the chosen one is current, without telling."""
        self.blockSignals(True)
        self.clear()
        self._entries = entries
        for entry in entries:
            item = QListWidgetItem(entry.title)
            item.setData(ROLE, entry)
            item.setToolTip(tip(entry.whole or entry.about))
            item.setSizeHint(self.cell())
            self.addItem(item)
            if chosen is not None and entry.choice.is_same_style(chosen):
                self.setCurrentItem(item)
        self.blockSignals(False)
        self.thin_out(words, self._group)

    def thin_out(self, words: str, group: str = ALL) -> int:
        """Show only what is in the group and matches; how many do."""
        self._group = group
        for i, entry in enumerate(self._entries):
            self.setRowHidden(i, not entry.matches(words, group))
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


class Painter(QStyledItemDelegate):
    """Paints one entry: its picture with round corners, its title and a dim second line."""

    def sizeHint(self, option: Any, index: Any) -> Any:
        return option.widget.cell() if option.widget is not None else QSize(LEAST, TALL)

    @guarded
    def paint(self, painter: Any, option: Any, index: Any) -> None:
        entry, palette = index.data(ROLE), option.palette
        painter.save()
        cell = QRectF(option.rect).adjusted(2, 2, -2, -2)
        paint_ground(painter, option, cell)
        place = QRectF(cell.center().x() - PAIR, cell.top() + 5, 2 * PAIR, PAIR)
        picture = entry.picture if entry.picture is not None else blank(palette, entry.title[:1], 2)
        if picture.width() < 1.5 * picture.height():  # nothing stands beside it
            place = QRectF(cell.center().x() - PAIR / 2, place.top(), PAIR, PAIR)
        paint_rounded(painter, place, picture)
        if entry.liked:
            self._star(painter, place)
        self._words(painter, option, entry, QRectF(cell.left() + 4, place.bottom() + 3, cell.width() - 8, 52))
        painter.restore()

    def _star(self, painter: Any, place: Any) -> None:
        """A favourite."""
        spot = QRectF(place.right() - 25, place.top() + 3, 22, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawEllipse(spot)
        painter.setPen(QColor(255, 205, 70))
        painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), "★")

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
