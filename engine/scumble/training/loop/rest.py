"""Giving way: a run that rests between two steps while somebody waits for a picture."""

from __future__ import annotations

import threading
import time


class Rest:
    """Told by another thread. `seconds` is how long it rested in all, which is no time of the training's."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._going = threading.Event()
        self._going.set()

    def begin(self) -> None:
        """From the next `wait` on it rests."""
        self._going.clear()

    def end(self) -> None:
        """It goes on."""
        self._going.set()

    def wait(self) -> None:
        """Return when there is no need to rest."""
        if not self._going.is_set():
            begin = time.monotonic()
            self._going.wait()
            self.seconds += time.monotonic() - begin
