"""One engine per user: a locked file in the runtime folder, released by the system when the process ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..wire.errors import ScumbleError

if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


class EngineLock:
    """Held from `acquire` until `release` or the end of the process, however it comes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "engine.lock"
        self._fd = -1

    def acquire(self) -> None:
        """Raises `engine-running` while another process holds it."""
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)  # not inheritable: workers must not keep it
        try:
            _lock(fd)
        except OSError:
            os.close(fd)
            raise ScumbleError("engine-running") from None
        self._fd = fd

    def release(self) -> None:
        """Let the next engine in. The file stays: removing it would let two engines lock two files."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
