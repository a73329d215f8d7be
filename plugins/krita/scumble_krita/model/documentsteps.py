"""Steps that change a document: one a turn of Krita's loop, and never while the artist's hands are busy."""

from __future__ import annotations

import time
from collections import deque
from typing import Callable, Deque

from ..guard import guarded, report
from ..qt import QApplication, Qt, QTimer

PAUSE_MS = 100  # between two looks whether the hands are free
LONG_STROKE = 30.0  # seconds; a mouse button that seems to be held longer is not held

Step = Callable[[], None]


class DocumentSteps:
    """Does what it is given in order. What a step raises is told, and the next is done all the same."""

    def __init__(self) -> None:
        self._steps: Deque[Step] = deque()
        self._since = 0.0  # when the first of them came to its turn
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(guarded(self._turn))

    def add(self, step: Step) -> None:
        """Do `step` in a turn of its own, after those before it."""
        self._steps.append(step)
        if not self._timer.isActive():
            self._wait(0)

    def stop(self) -> None:
        """Do nothing more: Krita ends."""
        self._timer.stop()
        self._steps.clear()

    def _wait(self, milliseconds: int) -> None:
        if not milliseconds:
            self._since = time.monotonic()
        self._timer.start(milliseconds)

    def _turn(self) -> None:
        if hands_busy(time.monotonic() - self._since):
            return self._wait(PAUSE_MS)
        if self._steps:
            step = self._steps.popleft()
            try:
                step()
            except Exception as e:
                report(e)
        if self._steps:
            self._wait(0)


def hands_busy(waited: float = 0.0) -> bool:
    """Whether a dialog waits for an answer, a menu is open, or (for not too long) a stroke is being painted."""
    if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
        return True
    return waited < LONG_STROKE and QApplication.mouseButtons() != Qt.MouseButton.NoButton
