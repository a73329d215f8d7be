"""A thread for what may take long: it gives way to other programs, which the thread that started it does not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from ..priority import give_way_here


class Lane:
    """Runs calls, one after the other. It stays: OpenMP keeps helpers for every thread that computed."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._done = threading.Semaphore(0)
        threading.Thread(target=self._run, name="lane", daemon=True).start()

    def run(self, call: Callable[[], None]) -> None:
        """Run `call` there and wait for its end; it must not raise."""
        self._calls.put(call)
        self._done.acquire()

    def _run(self) -> None:
        give_way_here()
        while True:
            try:
                self._calls.get()()
            finally:
                self._done.release()
