"""Changes gathered into few updates: at most some ten a second, and none for what nobody sees."""

from __future__ import annotations

import time
from typing import Any, Callable, Optional

from ..guard import guarded
from ..qt import QtCore

LEAST_MS = 100  # between two updates


class Updates(QtCore.QObject):
    """Calls `update` soon after `note`, unless `seen` says that nobody looks: then `note` is only remembered."""

    def __init__(self, update: Callable[[], None], seen: Callable[[], bool], parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._update, self._seen = update, seen
        self._due = False
        self._last = 0.0
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(guarded(self._beat))

    @guarded
    def note(self) -> None:
        """Something changed."""
        self._due = True
        if not self._timer.isActive() and self._seen():
            waited = (time.monotonic() - self._last) * 1000
            self._timer.start(max(0, round(LEAST_MS - waited)))

    @guarded
    def look(self) -> None:
        """Somebody looks again: bring everything up to date if anything changed meanwhile."""
        if self._due and self._seen():
            self._timer.stop()
            self._beat()

    def _beat(self) -> None:
        if not self._due or not self._seen():
            return
        self._due = False
        self._last = time.monotonic()
        self._update()
