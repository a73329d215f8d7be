"""Six variants as pictures in two columns, moved through by arrows."""

from __future__ import annotations

from typing import Any, Optional, Sequence

from ...dockparts import RADIUS, scaled, shade
from ...guard import guarded
from ...picturegrid import PictureGrid, paint_ground, two_lines
from ...qt import QListWidgetItem, QPainterPath, QPalette, QRectF, QSize, QStyledItemDelegate, Qt, Signal
from ...wire.editor.variations.variants import Variant

COLUMNS, ROWS = 2, 3
WORDS = 2  # lines under a picture
ROLE = int(Qt.ItemDataRole.UserRole)


class VariationGrid(PictureGrid):
    """`looked` tells of the current one, `taken` of the one that Enter or a double click took, by its number."""

    looked = Signal(int)
    taken = Signal(int)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(False, parent)
        self.before: Any = None  # the untouched picture: it stands dim where nothing is painted yet
        self.now: Optional[int] = None  # the one that is painted now
        self.setItemDelegate(Painter(self))
        self.currentRowChanged.connect(guarded(lambda at: self.looked.emit(at) if at >= 0 else None))

    def put(self, shown: Sequence[Variant]) -> None:
        """Show these, still without pictures; none is current."""
        self.blockSignals(True)
        self.clear()
        for variant in shown:
            item = QListWidgetItem(variant.words)
            item.setToolTip(variant.words)
            item.setSizeHint(self.cell())
            self.addItem(item)
        self.setCurrentRow(-1)
        self.blockSignals(False)

    def hang(self, at: int, image: Any) -> None:
        """The picture (QImage) of one."""
        self.item(at).setData(ROLE, image)

    def work_on(self, at: Optional[int]) -> None:
        """Which is painted now."""
        self.now = at
        self.viewport().update()

    def take_current(self) -> None:
        """Take the current one, if there is one."""
        if self.currentRow() >= 0:
            self.taken.emit(self.currentRow())

    def cell(self) -> Any:
        """How large one is."""
        room = self.viewport().size()
        return QSize(max(80, room.width() // COLUMNS - 1), max(80, room.height() // ROWS - 1))


class Painter(QStyledItemDelegate):
    """Paints one: its picture, or the untouched one dimly, and its words."""

    def __init__(self, grid: VariationGrid) -> None:
        super().__init__(grid)
        self._grid = grid

    def sizeHint(self, option: Any, index: Any) -> Any:
        return self._grid.cell()

    @guarded
    def paint(self, painter: Any, option: Any, index: Any) -> None:
        palette = option.palette
        painter.save()
        cell = QRectF(option.rect).adjusted(3, 3, -3, -3)
        paint_ground(painter, option, cell)
        metrics = option.fontMetrics
        room = cell.adjusted(6, 6, -6, -8 - WORDS * metrics.height())
        self._picture(painter, room, index.data(ROLE), index.row(), palette)
        painter.setPen(shade(palette, 0.85))
        for i, line in enumerate(two_lines(str(index.data() or ""), metrics, int(room.width()))):
            place = QRectF(room.left(), room.bottom() + 3 + i * metrics.height(), room.width(), metrics.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), line)
        painter.restore()

    def _picture(self, painter: Any, room: Any, image: Any, at: int, palette: Any) -> None:
        shown = image if image is not None else self._grid.before
        if shown is None or shown.isNull():
            return
        size = shown.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(room.center())
        painter.save()
        path = QPainterPath()
        path.addRoundedRect(place, RADIUS - 1, RADIUS - 1)
        painter.setClipPath(path)
        painter.setOpacity(1.0 if image is not None else 0.25)
        painter.drawPixmap(place.toRect(), scaled(shown, size, self._grid.devicePixelRatioF()))
        if image is None and at == self._grid.now:
            painter.setOpacity(1.0)
            bar = QRectF(place.left(), place.bottom() - 3, place.width(), 3)
            painter.fillRect(bar, palette.color(QPalette.ColorRole.Highlight))
        painter.restore()
