"""The blob store: content-addressed files of the cache folder, bounded in bytes, least recently used out first."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import math
import os
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from pathlib import Path

from ...wire.engine.processes import is_alive
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.messages import MAX_RAW

OLD_SECONDS = 60.0  # of a file that nobody writes any more, though its writer's number is somebody's
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def is_digest(value: object) -> bool:
    """Whether `value` is 64 lowercase hexadecimal digits; only such a name ever becomes part of a path."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def blob_path(folder: Path, digest: str) -> Path:
    """Where the blob lies in a store at `folder`; workers use it too."""
    return folder / "blobs" / digest[:2] / digest


def write_error(error: OSError, name: str) -> ScumbleError:
    """`disk-full` or `file-write`, whichever `error` means."""
    if error.errno in _FULL:
        return ScumbleError("disk-full")
    return ScumbleError("file-write", name=name, reason=error.strerror or error)


def write_at(path: Path, offset: int, data: bytes) -> None:
    """Write all of `data` at `offset`; after an error the caller's count of bytes still holds."""
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, 0o600), "wb", buffering=0) as f:
        f.seek(offset)
        view = memoryview(data)
        while view:
            view = view[f.write(view) :]


class BlobStore:
    """Complete blobs. `pinned` tells which digests a job or a kept result needs; those are never evicted.

    `used` counts unfinished uploads too: they share the bound. What an earlier engine left is checked against its
    digest before it is first used: a power cut may have kept a file's name and lost its end.
    """

    def __init__(self, folder: Path, limit: int, pinned: Callable[[], Collection[str]] = tuple) -> None:
        self.folder, self.limit, self.pinned = folder, limit, pinned
        self.used = 0
        self._sizes: OrderedDict[str, int] = OrderedDict()  # least recently used first
        self._unchecked: set[str] = set()
        self._scan()

    def __len__(self) -> int:
        return len(self._sizes)

    def __contains__(self, digest: str) -> bool:
        return digest in self._sizes and self._is_whole(digest)

    def path(self, digest: str) -> Path:
        """Where the blob's file is, or would be."""
        return blob_path(self.folder, digest)

    def size(self, digest: str) -> int:
        """Length in bytes. Raises `blob-missing`."""
        if digest not in self:
            raise ScumbleError("blob-missing", digest=digest)
        return self._sizes[digest]

    def touch(self, digest: str) -> None:
        """Mark as used now, also for the next engine (the file's time). Raises `blob-missing`."""
        self.size(digest)
        self._sizes.move_to_end(digest)
        try:
            os.utime(self.path(digest))
        except FileNotFoundError:
            self.forget(digest)
            raise ScumbleError("blob-missing", digest=digest) from None
        except OSError:
            pass  # the order is only a hint

    def read(self, digest: str, offset: int, length: int) -> bytes:
        """At most a frame of bytes from `offset`. Raises `blob-missing`."""
        self.size(digest)
        try:
            with self.path(digest).open("rb") as f:
                f.seek(offset)
                return f.read(min(length, MAX_RAW))
        except OSError:
            self.forget(digest)
            raise ScumbleError("blob-missing", digest=digest) from None

    def add(self, digest: str, size: int) -> None:
        """Count a blob whose file is in place, and whole."""
        self._unchecked.discard(digest)
        self.used += size - self._sizes.get(digest, 0)
        self._sizes[digest] = size
        self._sizes.move_to_end(digest)

    def forget(self, digest: str) -> None:
        """Drop a blob and its file."""
        self.used -= self._sizes.pop(digest, 0)
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

    def _is_whole(self, digest: str) -> bool:
        """Whether a blob is what it was; one that is not is dropped."""
        if digest not in self._unchecked:
            return True
        self._unchecked.discard(digest)
        sha = hashlib.sha256()
        with contextlib.suppress(OSError), self.path(digest).open("rb") as f:
            while chunk := f.read(MAX_RAW):
                sha.update(chunk)
        if sha.hexdigest() == digest:
            return True
        self.forget(digest)
        return False

    def _scan(self) -> None:
        """Take up the blobs of earlier engines, oldest first; what is not a blob is left alone."""
        found: list[tuple[float, str, int]] = []
        for path in (self.folder / "blobs").glob("??/*"):
            if is_digest(path.name):
                stat = path.stat()
                found.append((stat.st_mtime, path.name, stat.st_size))
        for _, digest, size in sorted(found):
            self.add(digest, size)
        self._unchecked = set(self._sizes)
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
