"""The picture in the dialog: zoomed, over a checkerboard, what it was while the mouse is held, a shimmer while busy."""

from __future__ import annotations

import time
from typing import Any, Dict, Optional, Tuple

from ...dockparts import RADIUS, mix, scaled
from ...guard import guarded
from ...qt import (
    QBrush,
    QColor,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from ...texts import tr
from ...wire.editor.preview.sizes import close_room
from .previewhand import EDGE, HandledCanvas
from .previewmarks import draw_chip, draw_line, draw_words

CHECK = 8  # points: a square of the checkerboard
BUSY_AFTER = 0.2  # seconds before the shimmer shows: most previews are there by then
FRAME_MS = 33
SWEEP = 1.4  # seconds that the shimmer takes to cross
FADE = 0.15  # seconds in which a new picture comes up


class PreviewCanvas(HandledCanvas):
    """Shows `before`, the newest picture over it, and a sentence where there is neither. `hand` is how it is seen."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.before: Any = None
        self._sharp: Any = None  # the same in more pixels
        self.picture: Any = None
        self.sentence = ""
        self._scale = 1.0  # pixels of the layer a pixel of the picture
        self._drawn: Dict[int, Any] = {}  # scaled pictures by their key
        self._old: Optional[Any] = None  # the picture that fades away
        self._new_at = self._busy_at = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(guarded(self._frame))
        self.setMinimumSize(280, 240)

    def show_before(self, image: Any) -> None:
        """The untouched picture (QImage), or None."""
        self.before, self._sharp, self.picture, self._old = image, None, None, None
        self.hand.there = image is not None
        self._drawn.clear()
        self.update()

    def sharpen(self, image: Any) -> None:
        """The untouched picture in more pixels (QImage): it is drawn as large as before."""
        self._sharp = image if self.before is not None else None
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

    def set_scale(self, close: bool, scale: float) -> None:
        """Whether a close-up is shown, and how many pixels of the layer one of the picture's is."""
        self.hand.close, self._scale = close, scale

    def room_for_pixels(self, method: str) -> Tuple[int, int]:
        """How much of a layer a close-up may show."""
        return close_room((self._room().width(), self._room().height()), method)

    def sizeHint(self) -> Any:
        return QSize(470, 520)

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
            self._marks(painter, place)
        if self.sentence and not self.comparing:
            draw_words(painter, self, self.sentence, place is not None)
        if self._busy_at and time.monotonic() > self._busy_at + BUSY_AFTER:
            self._shimmer(painter, place or self.rect())
        if self.hasFocus():
            self._focus(painter)
        painter.end()

    def _ground(self, painter: Any) -> None:
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.setClipPath(ground)
        window = self.palette().color(QPalette.ColorRole.Window)
        painter.fillRect(self.rect(), mix(window, QColor(0, 0, 0), 0.25))

    def _focus(self, painter: Any) -> None:
        """The keyboard is for the picture."""
        painter.setClipRect(self.rect())
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _room(self) -> Any:
        return self.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)

    def _place(self) -> Optional[Any]:
        """Where the picture is seen; None without one."""
        image = self.before or self.picture
        if image is None or image.isNull():
            return None
        room, view = self._room(), self.hand.view
        most = 1.0 if self.hand.close else 0.0
        view.lay_out((room.width(), room.height()), (image.width(), image.height()), most)
        return QRectF(*view.seen()).translated(EDGE, EDGE).toAlignedRect()

    def _pictures(self, painter: Any, place: Any) -> None:
        painter.save()
        painter.setClipRect(place)
        painter.setBrushOrigin(place.topLeft())
        painter.fillRect(place, QBrush(self._checks()))
        if self.before is not None:
            self._draw(painter, self._sharp or self.before)
        if not self.comparing and self.picture is not None:
            if self.hand.line is not None:
                painter.setClipRect(place.adjusted(round(self.hand.line_at()) + EDGE - place.left(), 0, 0, 0))
            fresh = min(1.0, (time.monotonic() - self._new_at) / FADE)
            if fresh < 1 and self._old is not None:
                self._draw(painter, self._old)
                painter.setOpacity(fresh)
            self._draw(painter, self.picture)
        painter.restore()

    def _draw(self, painter: Any, image: Any) -> None:
        """A picture as the view has it: fitted ones are scaled once and kept."""
        whole = QRectF(*self.hand.view.place()).translated(EDGE, EDGE)
        if not self.hand.view.fitted:
            painter.drawImage(whole, image)
            return
        place = whole.toAlignedRect()
        painter.drawPixmap(place, self._pixmap(image, place))

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

    def _marks(self, painter: Any, place: Any) -> None:
        """What is said of the picture on it: which is which, and how large it is seen."""
        if self.comparing:
            draw_chip(painter, place, tr("Before"))
        elif self.hand.line is not None and self.picture is not None:
            draw_line(painter, place, self.hand.line_at() + EDGE)
            draw_chip(painter, place, tr("Before"))
        told = self.hand.told(self._scale)
        if told:
            draw_chip(painter, place, told, right=True)

    def _shimmer(self, painter: Any, place: Any) -> None:
        """A thin light that wanders along the lower edge."""
        width = max(40, place.width() // 4)
        at = ((time.monotonic() - self._busy_at) / SWEEP) % 1.0
        left = place.left() - width + at * (place.width() + width)
        painter.setClipRect(place)
        light = QColor(self.palette().color(QPalette.ColorRole.Highlight)).lighter(140)
        painter.fillRect(QRectF(left, place.bottom() - 2, width, 3), light)
