"""Pictures out of the store and results into it, by file: pixels do not pass through the front."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ...methods.base import LoadPicture
from ...picture import Picture, decode_file
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.pixels import PictureRef, digest_of
from ...wire.request.request import Request
from ..store.files import blob_path, move, patiently, read_error, write_at


class WorkerStore:
    """The blob store at `folder`, which the front keeps the books of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def loader(self, request: Request) -> LoadPicture:
        """What loads the pictures of a request: raw pixels, or an encoded file under its style's name."""
        names = {s.picture.digest: s.name for s in request.styles if s.picture and s.name}

        def load(ref: PictureRef) -> Picture:
            data = self.read(ref.digest)
            if ref.format is None:
                return decode_file(data, names.get(ref.digest, "style"))
            return Picture.from_raw(ref, data)

        return load

    def read(self, digest: str) -> bytes:
        """A blob, checked against its digest. Raises `blob-missing`, also for one that is damaged on disk, which is
        removed; `files-unusable`.
        """
        path = blob_path(self.folder, digest)
        try:
            data = patiently(path.read_bytes)
        except (FileNotFoundError, NotADirectoryError):
            raise ScumbleError("blob-missing", digest=digest) from None
        except OSError as e:
            raise read_error(e) from e
        if digest_of(data) != digest:
            path.unlink(missing_ok=True)
            raise ScumbleError("blob-missing", digest=digest)
        return data

    def save(self, picture: Picture) -> tuple[PictureRef, int, bytes]:
        """Write a result's raw pixels; its reference, its size, and its bytes where they found no place on the disk."""
        data = picture.raw()
        digest = digest_of(data)
        part = self.folder / "partial" / f"{digest}.{os.getpid()}"
        homeless = b""
        try:
            write_at(part, 0, data)
            move(part, blob_path(self.folder, digest))
        except OSError:  # what was computed is not lost for that
            homeless = data
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        return PictureRef(digest, picture.format, picture.x, picture.y), len(data), homeless
