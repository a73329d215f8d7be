"""Mouse and keyboard over the preview, told to the hand that both editors share."""

from __future__ import annotations

from typing import Any, Tuple

from ...guard import guarded
from ...qt import Qt, QWidget, Signal
from ...texts import tr
from ...wire.editor.preview.hand import Hand
from ...wire.editor.preview.labels import about_preview

EDGE = 8  # points around the picture
KEYS = {
    Qt.Key.Key_Plus: "+",
    Qt.Key.Key_Equal: "=",
    Qt.Key.Key_Minus: "-",
    Qt.Key.Key_0: "0",
    Qt.Key.Key_1: "1",
    Qt.Key.Key_Space: "space",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}


class HandledCanvas(QWidget):
    """`hand` is how what it paints is seen."""

    closer = Signal(object)  # the spot that is to be seen in its own pixels, or None for all of the picture

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.hand = Hand(self.update, self.closer.emit)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Preview"))
        self.setAccessibleDescription(about_preview())

    @property
    def comparing(self) -> bool:
        """Whether the untouched picture is shown."""
        return self.hand.comparing

    def compare(self, comparing: bool) -> None:
        """Show the untouched picture, or the painted one again."""
        self.hand.compare(comparing)

    @guarded
    def mousePressEvent(self, event: Any) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self.hand.press(point_of(event), event.button() == Qt.MouseButton.MiddleButton)

    @guarded
    def mouseMoveEvent(self, event: Any) -> None:
        at = point_of(event)
        self.hand.drag(at)
        near = Qt.CursorShape.SplitHCursor if self.hand.near_line(at) else Qt.CursorShape.ArrowCursor
        self.setCursor(near)

    @guarded
    def mouseReleaseEvent(self, event: Any) -> None:
        self.hand.release()

    @guarded
    def mouseDoubleClickEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.hand.double(point_of(event))

    @guarded
    def wheelEvent(self, event: Any) -> None:
        at = event.position()
        self.hand.wheel(event.angleDelta().y() / 120, (at.x() - EDGE, at.y() - EDGE))
        event.accept()

    @guarded
    def keyPressEvent(self, event: Any) -> None:
        if not self.hand.key(KEYS.get(event.key(), "")):
            super().keyPressEvent(event)

    @guarded
    def keyReleaseEvent(self, event: Any) -> None:
        if not event.isAutoRepeat() and not self.hand.key_up(KEYS.get(event.key(), "")):
            super().keyReleaseEvent(event)

    @guarded
    def focusOutEvent(self, event: Any) -> None:
        self.hand.release()
        self.update()

    @guarded
    def focusInEvent(self, event: Any) -> None:
        self.update()


def point_of(event: Any) -> Tuple[float, float]:
    """Where the mouse is in the room of the picture; Qt 5 knows it by another name."""
    at = event.position() if hasattr(event, "position") else event.localPos()
    return at.x() - EDGE, at.y() - EDGE
