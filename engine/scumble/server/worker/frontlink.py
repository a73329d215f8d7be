"""The worker's end of the pipe: jobs in, events out, and the flag that cancels."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from queue import Empty, SimpleQueue
from typing import Any

from .. import pipe


class FrontLink:
    """Takes over standard input and output; what others print goes to standard error from then on.

    A thread reads, so that a cancel is seen while a job computes, and so that the process ends with the front even in
    the middle of a step.
    """

    def __init__(self) -> None:
        _die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the front to answer
        self._in = os.fdopen(os.dup(0), "rb")
        self._out = os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        self._lock = threading.Lock()
        self._jobs: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._guests: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._cancelled: set[str] = set()
        self.pausing: dict[str, int] = {}  # jobs that are to pause, and how often they had been kept when it was said
        self.kept: dict[str, int] = {}  # how often each job was kept so far
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, message: dict[str, Any]) -> None:
        """Send a frame. When nobody reads any more, the process ends."""
        frame = pipe.pack(message)
        try:
            with self._lock:
                self._out.write(frame)
                self._out.flush()
        except OSError:
            os._exit(0)

    def next_job(self, seconds: float | None = None) -> dict[str, Any] | None:
        """Wait for the next job, at most so long; the process ends in `_read` when none can come any more."""
        try:
            return self._jobs.get(timeout=seconds)
        except Empty:
            return None

    def next_guest(self) -> dict[str, Any]:
        """Wait for the next job that is to run beside another."""
        return self._guests.get()

    @property
    def job_waits(self) -> bool:
        """Whether `next_job` would come back at once."""
        return not self._jobs.empty()

    def is_cancelled(self, job: str) -> bool:
        """Whether the job is to stop."""
        return job in self._cancelled

    def _read(self) -> None:
        while (message := pipe.read(self._in)) is not None:
            if message.get("type") == "cancel":
                self._cancelled.add(str(message.get("job")))
            elif message.get("type") == "pause":
                job = str(message.get("job"))
                self.pausing.setdefault(job, self.kept.get(job, 0))
            elif message.get("type") == "run":
                for of in (self.pausing, self.kept):
                    of.pop(str(message.get("job")), None)
                self._cancelled.discard(str(message.get("job")))
                (self._guests if message.get("beside") else self._jobs).put(message)
        os._exit(0)  # the front is gone, or wants this process gone: a computation does not hold it up


def _die_with_parent() -> None:
    """On Linux the system ends this process with its parent, even while it hangs; elsewhere the pipe's end does."""
    if sys.platform == "linux":
        parent = os.getppid()
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before
            os._exit(0)
