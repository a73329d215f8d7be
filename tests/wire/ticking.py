"""A link under test, ticked as an editor's timer does, and a watch on how long each tick takes."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scumble.wire import Link, Run, read_connection
from scumble.wire.engine.processes import is_alive

from ..server.running import FAST, HERE, PACKAGE, Ask

BOTH = pytest.mark.parametrize("prefer", ["pure", "pyzmq"])
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
PERIOD = 0.02  # seconds between ticks
LONGEST = 0.5  # seconds: what no tick may reach, on however busy a machine; they take some ms


class Ticking:
    """A link with its timer."""

    def __init__(self, prefer: str) -> None:
        self.link = Link("test", "1", prefer)
        self.faults: list[BaseException] = []
        self.link.report = self.faults.append
        self.longest = 0.0
        self._count = 0

    def tick(self) -> None:
        self._count += 1
        begun, count = time.perf_counter(), self._count
        self.link.tick()
        if self._count != count:
            return  # a callback ticked itself, which takes as long as it likes
        took = time.perf_counter() - begun
        self.longest = max(self.longest, took)
        assert took < LONGEST, f"a tick took {took:.2f} s"

    def until(self, condition: Callable[[], Any], seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"not in {seconds} s; the link is {self.link.state}, {self.link.error}"
            self.tick()
            time.sleep(PERIOD)

    def run(self, ask: Ask, on_change: Callable[[Run], None] = lambda run: None, **options: Any) -> Run:
        return self.link.run(ask.request, ask.blobs, on_change, **options)

    def ended(self, run: Run) -> Run:
        self.until(lambda: run.ended)
        return run

    def answer(self, type: str, **fields: Any) -> Any:
        """What the engine answers; a `ScumbleError` where it refuses."""
        got: list[Any] = []
        self.link.ask(type, got.append, got.append, **fields)
        self.until(lambda: got)
        return got[0]

    def jobs(self) -> set[str]:
        """The jobs that the engine remembers."""
        return {j["job"] for j in self.answer("jobs")["jobs"]}

    def job(self, name: str) -> dict[str, Any] | None:
        return next((j for j in self.answer("jobs")["jobs"] if j["job"] == name), None)


def use_folders(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Folders below `folder`, and an engine whose method is slow and misbehaves on demand."""
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        patch.setenv(f"SCUMBLE_{name}", str(folder / name.lower()))
    patch.setenv("SCUMBLE_KEEP_ENV", "1")
    patch.setenv("SCUMBLE_NICENESS", "0")  # tests run side by side, and a worker that gives way to them is not awaited
    patch.setenv("PYTHONPATH", os.pathsep.join([str(PACKAGE), str(HERE)]))
    words = [sys.executable, "-m", "scumble.server", *FAST]
    patch.setenv("SCUMBLE_ENGINE", json.dumps(words))


def kill(pid: int) -> None:
    """End an engine without a word; its workers end with it."""
    os.kill(pid, signal.SIGCONT)
    os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < end
        time.sleep(0.01)


def kill_engine() -> None:
    """End the engine that listens, if one does."""
    connection = read_connection()
    if connection is not None and connection.pid != os.getpid():
        kill(connection.pid)
