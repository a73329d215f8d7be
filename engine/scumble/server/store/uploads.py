"""Uploads: blobs on their way in, chunk by chunk, resumable, checked against their digest at the end."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.messages import MAX_BLOB
from ..limits import UPLOAD_SECONDS, UPLOADS
from .files import move, write_at, write_error
from .store import BlobStore


@dataclass
class _Upload:
    size: int
    path: Path
    received: int = 0
    hash: Any = field(default_factory=hashlib.sha256)
    touched: float = 0.0


class Uploads:
    """Unfinished blobs of a store. They belong to nobody: any client may go on where another stopped."""

    def __init__(self, store: BlobStore) -> None:
        self.store = store
        self._uploads: OrderedDict[str, _Upload] = OrderedDict()  # least recently continued first

    def held(self, digest: str) -> int:
        """Bytes held of a blob, complete or not."""
        if digest in self.store:
            return self.store.size(digest)
        upload = self._uploads.get(digest)
        return upload.received if upload else 0

    def put(self, digest: str, size: int, offset: int, data: bytes) -> int:
        """Take a chunk; the number of bytes held then. A chunk that is held already is acknowledged again.

        Raises `blob-large`, `blob-order`, `blob-digest`, `disk-full`, `file-write`.
        """
        if digest in self.store:
            self.store.touch(digest)
            return self.store.size(digest)
        limit = min(MAX_BLOB, self.store.limit)
        if size > limit:
            raise ScumbleError("blob-large", size=size, limit=limit)
        upload = self._at(digest, size, offset)
        if data and offset + len(data) <= upload.received:
            return upload.received
        if offset != upload.received:
            raise ScumbleError("blob-order", offset=offset, expected=upload.received)
        self._append(digest, upload, data)
        return upload.received

    def expire(self, now: float) -> None:
        """Drop uploads that nobody has continued for an hour."""
        for digest in [d for d, u in self._uploads.items() if now - u.touched > UPLOAD_SECONDS]:
            self.drop(digest)

    def drop(self, digest: str) -> None:
        """Throw away what was received."""
        upload = self._uploads.pop(digest, None)
        if upload:
            self.store.used -= upload.received
            with contextlib.suppress(OSError):
                upload.path.unlink(missing_ok=True)

    def drop_all(self) -> None:
        """At the engine's end: a hash under way does not outlive the process."""
        for digest in list(self._uploads):
            self.drop(digest)

    def _at(self, digest: str, size: int, offset: int) -> _Upload:
        upload = self._uploads.get(digest)
        if upload and upload.size != size:  # who is right shows at the end; a new size begins anew
            if offset:
                raise ScumbleError("blob-order", offset=offset, expected=0)
            self.drop(digest)
            upload = None
        if upload is None:
            if offset:
                raise ScumbleError("blob-order", offset=offset, expected=0)
            while len(self._uploads) >= UPLOADS:
                self.drop(next(iter(self._uploads)))
            upload = _Upload(size, self.store.folder / "partial" / f"{digest}.{os.getpid()}")
            self._uploads[digest] = upload
        upload.touched = time.monotonic()
        self._uploads.move_to_end(digest)
        return upload

    def _append(self, digest: str, upload: _Upload, data: bytes) -> None:
        if upload.received + len(data) > upload.size:
            self.drop(digest)
            raise ScumbleError("blob-digest", digest=digest)
        try:
            self.store.make_room(len(data))
            write_at(upload.path, upload.received, data)
        except FileNotFoundError:  # somebody cleaned up: it is sent again from its beginning
            self.drop(digest)
            raise ScumbleError("blob-order", offset=upload.received, expected=0) from None
        except OSError as e:
            if not upload.received:
                self.drop(digest)  # there is nothing to go on from
            raise write_error(e, upload.path.name) from e
        upload.hash.update(data)
        upload.received += len(data)
        self.store.used += len(data)
        if upload.received == upload.size:
            self._finish(digest, upload)

    def _finish(self, digest: str, upload: _Upload) -> None:
        if upload.hash.hexdigest() != digest:
            self.drop(digest)
            raise ScumbleError("blob-digest", digest=digest)
        path = self.store.path(digest)
        try:
            move(upload.path, path)
        except OSError as e:
            self.drop(digest)
            raise write_error(e, path.name) from e
        del self._uploads[digest]
        self.store.used -= upload.received
        self.store.add(digest, upload.size)
