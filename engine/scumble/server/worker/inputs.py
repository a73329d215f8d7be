"""Pictures out of the store and results into it, by file: pixels do not pass through the front."""

from __future__ import annotations

import os
from pathlib import Path

from ...methods.base import LoadPicture
from ...picture import Picture, decode_file
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.pixels import PictureRef, digest_of
from ...wire.request.request import Request
from ..store.store import blob_path, write_at, write_error


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
        """A blob, checked against its digest. Raises `blob-missing`; one that was damaged on disk is removed."""
        path = blob_path(self.folder, digest)
        try:
            data = path.read_bytes()
        except OSError:
            raise ScumbleError("blob-missing", digest=digest) from None
        if digest_of(data) != digest:
            path.unlink(missing_ok=True)
            raise ScumbleError("blob-missing", digest=digest)
        return data

    def save(self, picture: Picture) -> tuple[PictureRef, int]:
        """Write a result's raw pixels; its reference and size. Raises `disk-full`, `file-write`."""
        data = picture.raw()
        digest = digest_of(data)
        path = blob_path(self.folder, digest)
        part = self.folder / "partial" / f"{digest}.{os.getpid()}"
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_at(part, 0, data)
            os.replace(part, path)
        except OSError as e:
            part.unlink(missing_ok=True)
            raise write_error(e, "result") from e
        return PictureRef(digest, picture.format, picture.x, picture.y), len(data)
