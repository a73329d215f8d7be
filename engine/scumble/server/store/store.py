"""The blob store: content-addressed files of the cache folder, bounded in bytes, least recently used out first.

A file is dropped when it is proven to be damaged, or gone. An error of the system proves nothing of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from ...wire.engine.processes import is_alive
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.messages import MAX_RAW
from .files import blob_path, file_digest, is_digest, patiently, read_error, read_stamps, write_stamps

OLD_SECONDS = 60.0  # after which a half-written file is old, even if another process has its writer's number now


class BlobStore:
    """Complete blobs. `pinned` tells which digests a job or a kept result needs; those are never evicted.

    `used` counts unfinished uploads too: they share the bound. A file whose size and time are as they were is trusted;
    of any other the content is checked against the digest before it is used: a power cut may have kept a file's name
    and lost its end. `verify` does that beside the event loop, and whoever has not called it waits.
    """

    def __init__(self, folder: Path, limit: int, pinned: Callable[[], Collection[str]] = tuple) -> None:
        self.folder, self.limit, self.pinned = folder, limit, pinned
        self.used = 0
        self._sizes: OrderedDict[str, int] = OrderedDict()  # least recently used first
        self._stamps: dict[str, int] = {}  # the times (ns) of files that were whole
        self._held: dict[str, bytes] = {}  # results that found no place on the disk
        self._checks: dict[str, asyncio.Task[bool]] = {}
        self._scan()

    def __len__(self) -> int:
        return len(self._sizes)

    def __contains__(self, digest: str) -> bool:
        if digest in self._held:
            return True
        if not self._is_there(digest):
            return False
        if self.sound(digest):
            return True
        return self._settle(digest, file_digest(self.path(digest)))

    def path(self, digest: str) -> Path:
        """Where the blob's file is, or would be."""
        return blob_path(self.folder, digest)

    def sound(self, digest: str) -> bool:
        """Whether a blob is here and looks as it did when it was whole; without reading it."""
        return digest in self._held or (self._is_there(digest) and self._time(digest) == self._stamps.get(digest))

    async def verify(self, digests: Iterable[str]) -> None:
        """Check those that do not look as they did, in threads; they are trusted then, or gone."""
        for digest in digests:
            if self.doubtful(digest):
                if digest not in self._checks:
                    self._checks[digest] = asyncio.ensure_future(self._check(digest))
                await self._checks[digest]

    def doubtful(self, digest: str) -> bool:
        """Whether a blob would have to be read to know that it is whole."""
        return digest in self._sizes and not self.sound(digest) and digest in self._sizes

    def size(self, digest: str) -> int:
        """Length in bytes. Raises `blob-missing`."""
        if digest not in self:
            raise ScumbleError("blob-missing", digest=digest)
        return len(self._held[digest]) if digest in self._held else self._sizes[digest]

    def touch(self, digest: str) -> None:
        """Mark as used now, also for the next engine (the file's time). Raises `blob-missing`."""
        self.size(digest)
        if digest in self._held:
            return
        self._sizes.move_to_end(digest)
        with contextlib.suppress(OSError):  # the order is only a hint
            os.utime(self.path(digest))
            self._stamps[digest] = self._time(digest)

    def read(self, digest: str, offset: int, length: int) -> bytes:
        """At most a frame of bytes from `offset`. Raises `blob-missing`, `files-unusable`."""
        size, length = self.size(digest), min(length, MAX_RAW)
        if digest in self._held:
            return self._held[digest][offset : offset + length]
        try:
            with patiently(lambda: self.path(digest).open("rb")) as f:
                f.seek(offset)
                data: bytes = f.read(length)
        except FileNotFoundError:
            data = b""
        except OSError as e:
            raise read_error(e) from e
        if len(data) < min(length, size - offset):
            self.forget(digest)
            raise ScumbleError("blob-missing", digest=digest)
        return data

    def add(self, digest: str, size: int) -> None:
        """Count a blob whose file is in place, and whole."""
        self.used += size - self._sizes.get(digest, 0)
        self._sizes[digest] = size
        self._sizes.move_to_end(digest)
        self._stamps[digest] = self._time(digest)

    def hold(self, digest: str, data: bytes) -> None:
        """Keep in memory what found no place on the disk, until `release`."""
        self._held[digest] = data

    def release(self, needed: Collection[str]) -> None:
        """Let go of what is held in memory but for what is `needed`."""
        for digest in [d for d in self._held if d not in needed]:
            del self._held[digest]

    def hand_over(self, digest: str) -> None:
        """Let go of what is held in memory: whoever waited for it has it."""
        self._held.pop(digest, None)

    def forget(self, digest: str) -> None:
        """Drop a blob and its file."""
        self._held.pop(digest, None)
        self.used -= self._sizes.pop(digest, 0)
        self._stamps.pop(digest, None)
        with contextlib.suppress(OSError):
            self.path(digest).unlink(missing_ok=True)

    def make_room(self, size: int) -> None:
        """Evict until `size` more bytes fit. Raises `disk-full` when everything left is needed."""
        if self.used + size <= self.limit:
            return
        pinned = self.pinned()
        for digest in [d for d in self._sizes if d not in pinned]:
            self.forget(digest)
            if self.used + size <= self.limit:
                return
        raise ScumbleError("disk-full")

    def trim(self) -> None:
        """Evict what is over the bound, as far as nothing is needed: a result is kept even when it is too much."""
        with contextlib.suppress(ScumbleError):
            self.make_room(0)

    def close(self) -> None:
        """Write down for the next engine which files are whole. After a crash there is no list: all are checked."""
        write_stamps(self.folder, {d: (self._sizes[d], t) for d, t in self._stamps.items() if d in self._sizes})

    def _is_there(self, digest: str) -> bool:
        """Whether a blob's file has the length it should have; one that is gone or cut short is dropped."""
        if digest not in self._sizes:
            return False
        try:
            if self.path(digest).stat().st_size == self._sizes[digest]:
                return True
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError:
            return True  # that it cannot be looked at now proves nothing
        self.forget(digest)
        return False

    def _time(self, digest: str) -> int:
        """When a blob's file was written or touched, in ns; 0 where that cannot be told."""
        try:
            return self.path(digest).stat().st_mtime_ns
        except OSError:
            return 0

    async def _check(self, digest: str) -> bool:
        try:
            return self._settle(digest, await asyncio.to_thread(file_digest, self.path(digest)))
        finally:
            self._checks.pop(digest, None)

    def _settle(self, digest: str, found: str) -> bool:
        """Trust a blob whose file has the digest `found`, else drop it; an empty `found` proves nothing."""
        if found == digest:
            self._stamps[digest] = self._time(digest)
        elif found and digest in self._sizes:
            self.forget(digest)
        return digest in self._sizes

    def _scan(self) -> None:
        """Take up the blobs of earlier engines, oldest first; what is not a blob is left alone."""
        found: list[tuple[int, str, int]] = []
        known = read_stamps(self.folder)
        for path in (self.folder / "blobs").glob("??/*"):
            if is_digest(path.name):
                with contextlib.suppress(FileNotFoundError):
                    stat = path.stat()
                    found.append((stat.st_mtime_ns, path.name, stat.st_size))
        for time_ns, digest, size in sorted(found):
            self._sizes[digest] = size
            self.used += size
            if known.get(digest) == (size, time_ns):
                self._stamps[digest] = time_ns
        self.trim()
        self.sweep(OLD_SECONDS)

    def sweep(self, older: float = math.inf) -> None:
        """Remove what a killed engine or worker left half-written, and whatever is `older` than so many seconds."""
        folder = self.folder / "partial"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in folder.iterdir():
            writer = path.suffix[1:]
            with contextlib.suppress(OSError):
                if (writer.isdecimal() and not is_alive(int(writer))) or time.time() - path.stat().st_mtime > older:
                    path.unlink()
