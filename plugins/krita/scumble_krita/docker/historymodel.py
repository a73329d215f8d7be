"""The history as a grid: the model Qt asks, and how one result is painted."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from ..dockparts import LEADING, RADIUS, paint_rounded, scaled, shade
from ..guard import guarded
from ..qt import QtCore, QtGui, QtWidgets
from ..texts import tr
from ..wire.editor.jobs.labels import again_words, remove_words, when_words
from .lines import broken

ENTRY = int(QtCore.Qt.ItemDataRole.UserRole)
PAD = 4  # pixels around a thumbnail
TITLE_LINES = 2
KEPT = 128  # scaled thumbnails


class HistoryModel(QtCore.QAbstractListModel):
    """The entries, newest first."""

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._entries: List[Any] = []

    def set_entries(self, entries: List[Any]) -> bool:
        """Show `entries`: rows that went are removed, new ones inserted, the others left alone. Whether any changed."""
        if len(entries) == len(self._entries) and all(a is b for a, b in zip(entries, self._entries)):
            return False
        nowhere = QtCore.QModelIndex()
        kept = {id(e) for e in entries}
        for at in reversed([i for i, e in enumerate(self._entries) if id(e) not in kept]):
            self.beginRemoveRows(nowhere, at, at)
            del self._entries[at]
            self.endRemoveRows()
        known = {id(e) for e in self._entries}
        for at, entry in enumerate(entries):
            if id(entry) not in known:
                self.beginInsertRows(nowhere, at, at)
                self._entries.insert(at, entry)
                self.endInsertRows()
        return True

    def entry(self, index: Any) -> Optional[Any]:
        """The entry of an index, None for none."""
        row = index.row() if index.isValid() else -1
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def rowCount(self, parent: Any = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    @guarded
    def data(self, index: Any, role: int = 0) -> Any:
        """Title, description and the entry itself."""
        entry = self.entry(index)
        roles = QtCore.Qt.ItemDataRole
        if entry is None:
            return None
        if role == int(roles.DisplayRole):
            return entry.title
        if role in (int(roles.ToolTipRole), int(roles.AccessibleTextRole)):
            return "\n".join(t for t in (entry.title, entry.document_name, when_words(entry.when)) if t)
        return entry if role == ENTRY else None


class EntryPainter(QtWidgets.QStyledItemDelegate):
    """A square thumbnail, below it its title and its age."""

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.cell = QtCore.QSize(100, 130)
        self._scaled: Dict[Tuple[bytes, int], Any] = {}

    def sizeHint(self, option: Any, index: Any) -> Any:
        """All cells are alike."""
        return self.cell

    @guarded
    def paint(self, painter: Any, option: Any, index: Any) -> None:
        """One cell."""
        entry = index.data(ENTRY)
        if entry is None:
            return
        painter.save()
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        cell = QtCore.QRectF(option.rect).adjusted(1, 1, -1, -1)
        self._paint_ground(painter, option, cell)
        side = cell.width() - 2 * PAD
        square = QtCore.QRectF(cell.left() + PAD, cell.top() + PAD, side, side)
        picture = self._thumbnail(entry.thumbnail, side, painter)
        if picture is None:
            painter.fillRect(square, shade(option.palette, 0.15))
        else:
            paint_rounded(painter, square, picture)
        self._paint_words(painter, option, square, entry)
        painter.restore()

    def _paint_ground(self, painter: Any, option: Any, cell: Any) -> None:
        state = QtWidgets.QStyle.StateFlag
        highlight = QtGui.QColor(option.palette.color(QtGui.QPalette.ColorRole.Highlight))
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        if option.state & state.State_HasFocus and option.state & state.State_Selected:
            painter.setPen(QtGui.QPen(highlight, 1.5))
        if option.state & state.State_Selected:
            highlight.setAlphaF(0.28)
            painter.setBrush(highlight)
        elif option.state & state.State_MouseOver:
            painter.setBrush(shade(option.palette, 0.1))
        else:
            return
        painter.drawRoundedRect(cell, RADIUS, RADIUS)

    def _paint_words(self, painter: Any, option: Any, square: Any, entry: Any) -> None:
        high = QtGui.QFontMetrics(option.font).height()
        line = QtCore.QRectF(square.left(), square.bottom() + 3, square.width(), high)
        titles = broken(entry.title, option.font, square.width(), TITLE_LINES)
        for text, part in (*((t, 1.0) for t in titles), (when_words(entry.when), 0.62)):
            painter.setPen(shade(option.palette, part))
            for shown in broken(text, option.font, square.width(), 1):
                painter.drawText(line, int(LEADING), shown)
            line.translate(0, high)

    def _thumbnail(self, png: bytes, side: float, painter: Any) -> Any:
        """A PNG file as large as it is shown; None for none."""
        ratio = painter.device().devicePixelRatioF()
        key = (png, round(side * ratio))
        if key not in self._scaled:
            if len(self._scaled) >= KEPT:
                self._scaled.clear()
            image, size = QtGui.QImage.fromData(png), QtCore.QSizeF(side, side)
            self._scaled[key] = None if image.isNull() else scaled(without_rim(image), size, ratio, cover=True)
        return self._scaled[key]


def without_rim(image: Any) -> Any:
    """`image` without the transparent rim that a layer's thumbnail may have."""
    if not image.hasAlphaChannel():
        return image
    solid = QtGui.QRegion(QtGui.QBitmap.fromImage(image.createAlphaMask())).boundingRect()
    return image.copy(solid) if solid.isValid() else image


def entry_actions() -> List[Tuple[str, str]]:
    """What can be done with a result, by name and words."""
    return [
        ("apply", again_words()[0]),
        ("settings", tr("Settings again…")),
        ("save", tr("Save picture…")),
        ("remove", remove_words()[0]),
    ]
