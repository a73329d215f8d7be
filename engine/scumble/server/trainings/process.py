"""A training's process seen from the front: lines of JSON out, words in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from ..jobs.process import WorkerProcess
from ..priority import hold_back
from ..version import VERSION

LONGEST = 1 << 16  # bytes of a line


class TrainingProcess(WorkerProcess):
    """Runs the order in a folder. It is asked to end as a worker is; then it keeps what it has learned."""

    session = True

    def __init__(
        self,
        module: str,
        folder: Path,
        on_message: Callable[[WorkerProcess, dict[str, Any]], None],
        on_end: Callable[[WorkerProcess, str], None],
    ) -> None:
        self.module = module
        super().__init__([str(folder), VERSION], on_message, on_end)
        hold_back(self.pid)

    def pack(self, message: dict[str, Any]) -> bytes:
        """A word."""
        return f"{message['word']}\n".encode()

    def read(self, stdout: IO[bytes]) -> dict[str, Any] | None:
        """The next line; what is no event ends the process, as a stray frame ends a worker."""
        line = stdout.readline(LONGEST)
        try:
            plain = json.loads(line)
        except ValueError:
            return None
        return plain if isinstance(plain, dict) else None
