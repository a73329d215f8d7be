"""One engine per user: a locked file in the runtime folder, released by the system when the process ends."""

from __future__ import annotations

import os
import time
from pathlib import Path

from ...wire.engine.connection import LOCK_NAME
from ...wire.engine.locks import try_lock
from ...wire.protocol.errors import ScumbleError

TRIES = 5  # a client may be looking just now whether it is held, which takes no time


class EngineLock:
    """Held from `acquire` until `release` or the end of the process, however it comes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK_NAME
        self._fd = -1

    def acquire(self) -> None:
        """Raises `engine-running` while another process holds it, `file-write`."""
        for left in reversed(range(TRIES)):
            try:
                fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)  # not inheritable: workers must not keep it
            except OSError as e:
                raise ScumbleError("file-write", name=self.path, reason=e.strerror or e) from e
            if self._took(fd):
                self._fd = fd
                return
            os.close(fd)
            if left:
                time.sleep(0.02)
        raise ScumbleError("engine-running")

    def _took(self, fd: int) -> bool:
        try:
            return try_lock(fd)
        except OSError as e:
            os.close(fd)
            raise ScumbleError("file-write", name=self.path, reason=e.strerror or e) from e

    def renew(self) -> bool:
        """Hold it also where the file was removed meanwhile; False where another was faster. Raises `file-write`."""
        try:
            if os.path.samestat(os.fstat(self._fd), os.stat(self.path)):
                return True
        except FileNotFoundError:
            pass
        lost, self._fd = self._fd, -1
        try:
            self.acquire()
        except ScumbleError as e:
            self._fd = lost
            if e.code != "engine-running":
                raise
            return False
        os.close(lost)
        return True

    def release(self) -> None:
        """Let the next engine in. The file stays: removing it would let two engines lock two files."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
