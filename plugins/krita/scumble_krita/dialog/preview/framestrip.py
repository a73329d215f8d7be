"""Three frames side by side under the preview, each with its number."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

from ...dockparts import paint_rounded, scaled, shade
from ...guard import guarded
from ...qt import QPainter, QPalette, QRectF, QSize, QSizePolicy, Qt, QWidget
from ...widgets import named
from ...wire.editor.frames.spans import frames_label
from ...wire.editor.frames.strip import strip_help

TALL = 84  # points, of a picture
GAP = 8  # points between two
DIM = 0.3  # how much of an unpainted one shows


class FrameStrip(QWidget):
    """The shelf of a `wire.editor.frames.strip.Strip`: there while it has something to show."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.words: List[str] = []
        self.painted: Dict[int, Any] = {}  # images by their place
        self._before: List[Any] = []
        self._now: Optional[int] = None  # the one that is painted
        self._drawn: Dict[int, Any] = {}  # scaled pictures by their key
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        named(self, frames_label(), strip_help())
        self.hide()

    def sizeHint(self) -> Any:
        return QSize(240, TALL + self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> Any:
        return self.sizeHint()

    @guarded
    def resizeEvent(self, event: Any) -> None:
        self._drawn.clear()

    # what the strip tells

    def put(self, shown: Sequence[Tuple[str, Any]]) -> None:
        self.words, self._before = [words for words, _ in shown], [image for _, image in shown]
        self.painted = {}
        self._drawn.clear()
        self.setVisible(bool(shown))
        self.update()

    def hang(self, at: int, picture: Any) -> None:
        self.painted[at] = picture
        self.update()

    def work_on(self, at: Optional[int]) -> None:
        self._now = at
        self.update()

    # painting

    @guarded
    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for at, words in enumerate(self.words):
            width = (self.width() - GAP * (len(self.words) - 1)) / len(self.words)
            room = QRectF(at * (width + GAP), 0, width, TALL)
            self._picture(painter, room, at)
            painter.setPen(shade(self.palette(), 0.75))
            below = QRectF(room.left(), TALL + 2, width, self.height() - TALL - 2)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.end()

    def _picture(self, painter: Any, room: Any, at: int) -> None:
        image = self.painted.get(at, self._before[at])
        size = image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        if size.isEmpty():
            return
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(room.center())
        painter.setOpacity(1.0 if at in self.painted else DIM)
        paint_rounded(painter, place, self._pixmap(image, size))
        painter.setOpacity(1.0)
        if at == self._now:
            bar = QRectF(place.left(), place.bottom() - 3, place.width(), 3)
            painter.fillRect(bar, self.palette().color(QPalette.ColorRole.Highlight))

    def _pixmap(self, image: Any, size: Any) -> Any:
        key = image.cacheKey()
        if key not in self._drawn:
            if len(self._drawn) > 12:
                self._drawn.clear()
            self._drawn[key] = scaled(image, size, self.devicePixelRatioF())
        return self._drawn[key]
