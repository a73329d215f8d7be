"""What `soak` does to an engine: kills, damage, and shortages, each for real."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil

from scumble.wire import Client, ScumbleError, read_connection
from scumble.wire.protocol.messages import PROTOCOL, encode
from scumble.wire.transport.base import ConnectionLost
from scumble.wire.transport.connect import connect

DISK = "24m"  # of the tmpfs
SHORT_SECONDS = 1.0  # that a shortage lasts
PAUSE = (8, 40)  # jobs between two harms: by jobs, so that a busy machine does not mean more harm to each
ASKED = 6_000  # of the engine by a client that does not read
WEIGHTS = {"damage": 6, "deaf client": 2, "no files": 3, "full disk": 3, "cache gone": 1, "worker": 2, "front": 1}


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Where that is allowed, a small disk at `folder`."""
    folder.mkdir(mode=0o700)
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", str(folder)]
    allowed = sys.platform == "linux" and os.getuid() == 0 and subprocess.run(words, check=False).returncode == 0
    try:
        yield
    finally:
        if allowed:
            subprocess.run(["umount", "-l", str(folder)], check=False)


class Harms:
    """Does one harm after the other. A shortage ends before the next begins."""

    def __init__(self, rng: random.Random, folder: Path) -> None:
        self.rng, self.folder = rng, folder
        self.done: Counter[str] = Counter()
        self._next = PAUSE[0]
        self._until = 0.0  # the end of a shortage
        self._limits: tuple[int, tuple[int, int]] | None = None
        self.small = os.path.ismount(folder / "cache")

    def maybe(self, client: Client, ended: int) -> None:
        """Do the next harm, if so many jobs have `ended` that it is time."""
        if self._until and time.monotonic() > self._until:
            self.rest()
        if ended < self._next or self._until:
            return
        self._next = ended + self.rng.randint(*PAUSE)
        kind = self.rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        with contextlib.suppress(ScumbleError, ConnectionLost, OSError, psutil.Error):
            if self._do(kind):
                self.done[kind] += 1

    def rest(self) -> None:
        """End a shortage."""
        self._until = 0.0
        (self.folder / "cache" / "ballast").unlink(missing_ok=True)
        if self._limits is not None and sys.platform == "linux":
            import resource

            with contextlib.suppress(OSError):
                resource.prlimit(self._limits[0], resource.RLIMIT_NOFILE, self._limits[1])
            self._limits = None

    def _do(self, kind: str) -> bool:
        connection = read_connection()
        if connection is None:
            return False
        front = psutil.Process(connection.pid)
        if kind == "front":
            front.kill()
        elif kind == "worker":
            return self._kill_worker(front)
        elif kind == "damage":
            return self._damage()
        elif kind == "cache gone":
            for name in ("blobs", "partial"):
                shutil.rmtree(self.folder / "cache" / name, ignore_errors=True)
        elif kind == "full disk":
            return self._fill()
        elif kind == "no files":
            return self._take_files(front)
        else:
            deaf = connect(connection, prefer="pure", timeout=10)
            deaf.send(encode({"type": "hello", "id": 1, "protocol": PROTOCOL, "client": "deaf", "version": ""}))
            self.done[kind] += 1
            with contextlib.closing(deaf):
                for number in range(2, ASKED):
                    deaf.send(encode({"type": "jobs", "id": number}))
                    deaf._write()  # type: ignore[attr-defined]  # and never a read
            return False
        return True

    def _kill_worker(self, front: psutil.Process) -> bool:
        workers = front.children()
        if workers:
            os.kill(self.rng.choice(workers).pid, self.rng.choice([signal.SIGKILL, signal.SIGSEGV]))
        return bool(workers)

    def _damage(self) -> bool:
        """Cut, overwrite or remove a picture."""
        blobs = sorted((self.folder / "cache" / "blobs").glob("??/*"))
        if not blobs:
            return False
        for blob in self.rng.sample(blobs, min(8, len(blobs))):
            how = self.rng.choice(["cut", "overwrite", "remove"])
            if how == "cut":
                os.truncate(blob, blob.stat().st_size // 2)
            elif how == "overwrite":
                blob.write_bytes(bytes(blob.stat().st_size))
            else:
                blob.unlink()
        return True

    def _fill(self) -> bool:
        """Leave no room on a disk that is small."""
        if not self.small:
            return False
        self._until = time.monotonic() + SHORT_SECONDS
        with (self.folder / "cache" / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
            while True:
                ballast.write(bytes(1 << 16))
        return True

    def _take_files(self, front: psutil.Process) -> bool:
        """Leave the front no more files than it has open."""
        if sys.platform != "linux":
            return False
        import resource

        usual = resource.prlimit(front.pid, resource.RLIMIT_NOFILE)
        self._limits, self._until = (front.pid, usual), time.monotonic() + SHORT_SECONDS
        resource.prlimit(front.pid, resource.RLIMIT_NOFILE, (front.num_fds() + 1, usual[1]))
        return True
