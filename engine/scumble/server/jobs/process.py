"""A worker process seen from the front: frames in and out, its end, and its last words.

Threads do the reading and writing, so that a worker that hangs, floods or stops never blocks the event loop, on any
system.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import IO, Any

from ...wire.engine.launch import SPEECH
from .. import pipe
from ..priority import creation_flags, waiting

log = logging.getLogger("scumble.worker")
# glibc gives large blocks back at once and faults them in again at the next step: a fifth of a step's time on a CPU.
ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": str(8 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(8 << 30),
    "MALLOC_TOP_PAD_": str(64 << 20),
}
_LAST_WORDS = 20  # lines of its standard error kept for the reason of its death


class WorkerProcess:
    """One child process. `on_message` and `on_end` (with a reason) are called in the event loop's thread."""

    module = "scumble.server.worker"
    session = False  # whether it has one of its own from the start; a worker makes its own

    def __init__(
        self,
        arguments: Sequence[str],
        on_message: Callable[[WorkerProcess, dict[str, Any]], None],
        on_end: Callable[[WorkerProcess, str], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_message, self._on_end = on_message, on_end
        self._outgoing: SimpleQueue[bytes | None] = SimpleQueue()
        self._words: deque[str] = deque(maxlen=_LAST_WORDS)
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.module, *arguments],
            env={**ALLOCATOR, **waiting(), **os.environ, **SPEECH},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=creation_flags(),
            start_new_session=self.session,
        )
        self.pid = self._process.pid
        stdin, stdout, stderr = self._process.stdin, self._process.stdout, self._process.stderr
        assert stdin and stdout and stderr
        words = self._start(self._listen, stderr)
        self._start(self._write, stdin)
        self._reader = self._start(self._read, stdout, words)

    def send(self, message: dict[str, Any]) -> None:
        """Queue a frame; it is lost when the worker is gone, which `on_end` tells."""
        self._outgoing.put(self.pack(message))

    def pack(self, message: dict[str, Any]) -> bytes:
        """A message as it goes in."""
        return pipe.pack(message)

    def read(self, stdout: IO[bytes]) -> dict[str, Any] | None:
        """The next message that comes out; None at the end."""
        return pipe.read(stdout)

    def close(self) -> None:
        """Ask it to end: the end of its input."""
        self._outgoing.put(None)

    def kill(self) -> None:
        """End it now."""
        self._process.kill()

    def join(self, seconds: float) -> None:
        """Wait for its end, at the engine's own; kill it if it takes longer."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        self._reader.join(seconds)

    def _start(self, target: Callable[..., None], *args: object) -> threading.Thread:
        thread = threading.Thread(target=target, args=args, daemon=True)
        thread.start()
        return thread

    def _write(self, stdin: IO[bytes]) -> None:
        try:
            with stdin:
                while (frame := self._outgoing.get()) is not None:
                    stdin.write(frame)
                    stdin.flush()
        except OSError:
            pass  # it is gone

    def _listen(self, stderr: IO[bytes]) -> None:
        with stderr:
            for line in iter(lambda: stderr.readline(1000), b""):
                text = line.decode(errors="replace").rstrip()
                self._words.append(text)
                log.info("%d: %s", self.pid, text)

    def _read(self, stdout: IO[bytes], words: threading.Thread) -> None:
        with stdout:
            while (message := self.read(stdout)) is not None:
                self._post(self._on_message, message)
        self._process.kill()  # without its stream it is of no use; harmless when it has ended
        code = self._process.wait()
        self.close()
        words.join(1.0)
        self._post(self._on_end, self._reason(code))

    def _post(self, call: Callable[..., None], argument: object) -> None:
        with contextlib.suppress(RuntimeError):  # the engine has ended
            self._loop.call_soon_threadsafe(call, self, argument)

    def _reason(self, code: int) -> str:
        if code < 0:
            try:
                how = f"ended by {signal.Signals(-code).name}"
            except ValueError:
                how = f"ended by signal {-code}"
        else:
            how = f"exit code {code}"
        last = next((w for w in reversed(self._words) if w.strip()), "")
        return f"{how}, {last[:200]}" if last else how
