"""The picture in the dialog: fitted, over a checkerboard, what it was while the mouse is held, a shimmer while busy."""

from __future__ import annotations

import time
from typing import Any, Dict, Optional

from ..dockparts import RADIUS, mix, scaled, shade
from ..guard import guarded
from ..qt import (
    QBrush,
    QColor,
    QPainter,
    QPainterPath,
    QPalette,
    QPixmap,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    QWidget,
    Signal,
)
from ..texts import tr

CHECK = 8  # points: a square of the checkerboard
BUSY_AFTER = 0.2  # seconds before the shimmer shows: most previews are there by then
FRAME_MS = 33
SWEEP = 1.4  # seconds that the shimmer takes to cross
FADE = 0.15  # seconds in which a new picture comes up


class PreviewCanvas(QWidget):
    """Shows `before`, the newest picture over it, and a sentence where there is neither."""

    pressed = Signal(bool)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.before: Any = None
        self.picture: Any = None
        self.sentence = ""
        self.comparing = False
        self._drawn: Dict[int, Any] = {}  # scaled pictures by their key
        self._old: Optional[Any] = None  # the picture that fades away
        self._new_at = self._busy_at = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(guarded(self._frame))
        self.setMinimumSize(280, 240)
        self.setAccessibleName(tr("Preview"))

    def show_before(self, image: Any) -> None:
        """The untouched picture (QImage), or None."""
        self.before, self.picture, self._old = image, None, None
        self._drawn.clear()
        self.update()

    def show_picture(self, image: Any) -> None:
        """The painted picture (QImage), faded in."""
        self._old, self.picture = self.picture or self.before, image
        self._new_at = time.monotonic()
        self._timer.start()
        self.update()

    def show_sentence(self, text: str) -> None:
        """Words in the middle, where there is no picture, or over it."""
        self.sentence = text
        self.update()

    def set_busy(self, busy: bool) -> None:
        """Whether a picture is on its way."""
        if bool(self._busy_at) != busy:
            self._busy_at = time.monotonic() if busy else 0.0
            self._timer.start()
            self.update()

    def compare(self, comparing: bool) -> None:
        """Show the untouched picture, or the painted one again."""
        self.comparing = comparing and self.before is not None
        self.update()

    def sizeHint(self) -> Any:
        return QSize(470, 520)

    def mousePressEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.compare(True)
            self.pressed.emit(True)

    def mouseReleaseEvent(self, event: Any) -> None:
        self.compare(False)
        self.pressed.emit(False)

    def resizeEvent(self, event: Any) -> None:
        self._drawn.clear()

    def _frame(self) -> None:
        if not self._busy_at and time.monotonic() > self._new_at + FADE:
            self._timer.stop()
            self._old = None
        self.update()

    # painting

    @guarded
    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._ground(painter)
        place = self._place()
        if place is not None:
            self._pictures(painter, place)
        if self.comparing:
            self._chip(painter, place, tr("Before"))
        elif self.sentence:
            self._words(painter)
        if self._busy_at and time.monotonic() > self._busy_at + BUSY_AFTER:
            self._shimmer(painter, place or self.rect())
        painter.end()

    def _ground(self, painter: Any) -> None:
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.setClipPath(ground)
        window = self.palette().color(QPalette.ColorRole.Window)
        painter.fillRect(self.rect(), mix(window, QColor(0, 0, 0), 0.25))

    def _place(self) -> Optional[Any]:
        """Where the picture lies; None without one."""
        image = self.before or self.picture
        if image is None or image.isNull():
            return None
        room = self.rect().adjusted(8, 8, -8, -8)
        size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(room.center())
        return place

    def _pictures(self, painter: Any, place: Any) -> None:
        painter.fillRect(place, QBrush(self._checks()))
        painter.setBrushOrigin(place.topLeft())
        if self.before is not None:
            painter.drawPixmap(place, self._pixmap(self.before, place))
        if self.comparing or self.picture is None:
            return
        fresh = min(1.0, (time.monotonic() - self._new_at) / FADE)
        if fresh < 1 and self._old is not None:
            painter.drawPixmap(place, self._pixmap(self._old, place))
            painter.setOpacity(fresh)
        painter.drawPixmap(place, self._pixmap(self.picture, place))
        painter.setOpacity(1.0)

    def _pixmap(self, image: Any, place: Any) -> Any:
        key = image.cacheKey()
        if key not in self._drawn:
            if len(self._drawn) > 4:
                self._drawn.clear()
            self._drawn[key] = scaled(image, place.size(), self.devicePixelRatioF())
        return self._drawn[key]

    def _checks(self) -> Any:
        tile = QPixmap(2 * CHECK, 2 * CHECK)
        tile.fill(QColor(120, 120, 120))
        painter = QPainter(tile)
        painter.fillRect(0, 0, CHECK, CHECK, QColor(150, 150, 150))
        painter.fillRect(CHECK, CHECK, CHECK, CHECK, QColor(150, 150, 150))
        painter.end()
        return tile

    def _chip(self, painter: Any, place: Any, text: str) -> None:
        width = self.fontMetrics().horizontalAdvance(text) + 20
        chip = QRectF(place.left() + 8, place.top() + 8, width, self.fontMetrics().height() + 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
        painter.setPen(QColor(255, 255, 255))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), text)

    def _words(self, painter: Any) -> None:
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        room = self.rect().adjusted(28, 20, -28, -20)
        needed = painter.boundingRect(QRectF(room), flags, self.sentence).adjusted(-14, -10, 14, 10)
        if self._place() is not None:
            needed.moveBottom(self.rect().bottom() - 18.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 185))
            painter.drawRoundedRect(needed, 6, 6)
            painter.setPen(QColor(255, 255, 255))
        else:
            painter.setPen(shade(self.palette(), 0.75))
        painter.drawText(needed, flags, self.sentence)

    def _shimmer(self, painter: Any, place: Any) -> None:
        """A thin light that wanders along the lower edge."""
        width = max(40, place.width() // 4)
        at = ((time.monotonic() - self._busy_at) / SWEEP) % 1.0
        left = place.left() - width + at * (place.width() + width)
        painter.setClipRect(place)
        light = QColor(self.palette().color(QPalette.ColorRole.Highlight)).lighter(140)
        painter.fillRect(QRectF(left, place.bottom() - 2, width, 3), light)
