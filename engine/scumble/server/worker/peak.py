"""How much memory a run takes at its peak, as the system counts it."""

from __future__ import annotations

import threading
from types import TracebackType

from .device import bytes_used

EVERY = 0.05  # seconds between two looks
GROWN = 1.05  # by which the process must grow, or nothing is told: the run used memory that an earlier one had left


class PeakWatch:
    """Looks at this process's memory on `device` while a run goes on; `peak` in bytes, 0 where it tells nothing."""

    def __init__(self, device: str) -> None:
        self.peak = 0
        self._device = device
        self._ended = threading.Event()
        self._most = self._first = 0
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> PeakWatch:
        self._most = self._first = bytes_used(self._device)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        self.peak = self._most if self._most > GROWN * self._first else 0

    def _look(self) -> None:
        while not self._ended.wait(EVERY):
            self._most = max(self._most, bytes_used(self._device))
