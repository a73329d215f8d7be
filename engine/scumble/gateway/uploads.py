"""Files that come in parts, on disk: tus 1.0 (https://tus.io/protocols/resumable-upload), core and three extensions.

What arrived stays, also when the connection breaks in the middle of a part or the gateway ends; a caller asks how far
it came and goes on from there.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..wire.protocol.errors import ScumbleError
from .settings import Limits

ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """One upload: how long it will be, and how much of it is here; in bytes."""

    id: str
    length: int
    offset: int
    expires: float  # seconds since 1970


class Uploads:
    """All uploads in a folder: `ID` holds the data, `ID.json` its length."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder, self.limits = folder, limits
        self._writing: set[str] = set()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def create(self, length: int) -> Upload:
        """Room for a file. Raises `body-large`, `disk-full`."""
        if length > self.limits.upload:
            raise ScumbleError("body-large", limit=self.limits.upload / 1e6)
        self.expire()
        if self._announced() + length > self.limits.uploads:
            raise ScumbleError("disk-full")
        name = secrets.token_hex(16)
        with _disk():
            (self.folder / f"{name}.json").write_text(json.dumps({"length": length}), "utf-8")
            (self.folder / name).touch(mode=0o600)
        return self.find(name)

    def find(self, name: str) -> Upload:
        """Raises `upload-unknown`."""
        try:
            if not ID.fullmatch(name):
                raise ValueError(name)
            found = (self.folder / name).stat()
            length = int(json.loads((self.folder / f"{name}.json").read_text("utf-8"))["length"])
        except (OSError, ValueError, KeyError, TypeError):
            raise ScumbleError("upload-unknown", name=name[:40]) from None
        return Upload(name, length, found.st_size, found.st_mtime + self.limits.upload_seconds)

    async def append(self, name: str, offset: int, parts: AsyncIterator[bytes]) -> Upload:
        """Write what comes at `offset`. What is there when it breaks off stays. Raises `blob-order`, `body-large`."""
        upload = self.find(name)
        if offset != upload.offset or name in self._writing:
            raise ScumbleError("blob-order", offset=offset, expected=upload.offset)
        self._writing.add(name)
        try:
            with _disk(), (self.folder / name).open("ab") as file:
                async for part in parts:
                    offset += len(part)
                    if offset > upload.length:
                        raise ScumbleError("body-large", limit=upload.length / 1e6)
                    file.write(part)
                file.flush()
                os.fsync(file.fileno()) if offset == upload.length else None
        finally:
            self._writing.discard(name)
        return self.find(name)

    def whole(self, name: str) -> bytes:
        """A finished upload's bytes. Raises `upload-unknown`, `upload-unfinished`."""
        upload = self.find(name)
        if upload.offset != upload.length:
            raise ScumbleError("upload-unfinished", name=name, offset=upload.offset, length=upload.length)
        with _disk():
            return (self.folder / name).read_bytes()

    def remove(self, name: str) -> None:
        """Raises `upload-unknown`."""
        self.find(name)
        for path in (self.folder / name, self.folder / f"{name}.json"):
            with contextlib.suppress(OSError):
                path.unlink()

    def expire(self) -> None:
        """Drop what nobody went on with."""
        for upload in self._all():
            if upload.expires < time.time() and upload.id not in self._writing:
                self.remove(upload.id)

    def _all(self) -> list[Upload]:
        found = []
        for path in self.folder.glob("*.json"):
            with contextlib.suppress(ScumbleError):
                found.append(self.find(path.stem))
        return found

    def _announced(self) -> int:
        return sum(upload.length for upload in self._all())


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    """What the disk says, in our words."""
    try:
        yield
    except OSError as e:
        raise ScumbleError("disk-full") from e
