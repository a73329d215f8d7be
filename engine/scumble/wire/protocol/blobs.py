"""The data of a request, found by its digest."""

from __future__ import annotations

from typing import Dict, Optional

from .errors import ScumbleError
from .messages import Buffer
from .pixels import PictureRef, PixelFormat, digest_of


class Blobs(Dict[str, Buffer]):
    """The data of a request, by digest."""

    def add(self, data: Buffer, format: Optional[PixelFormat] = None, x: int = 0, y: int = 0) -> PictureRef:
        """Keep `data` and return its reference: raw pixels of `format` at x, y on the canvas, or a picture file.

        Raises `picture-truncated` where the data does not fit its format.
        """
        size = memoryview(data).nbytes
        if format is not None and size != format.nbytes:
            reason = f"{size} bytes instead of {format.nbytes}"
            raise ScumbleError("picture-truncated", name="picture", reason=reason)
        digest = digest_of(data)
        self[digest] = data
        return PictureRef(digest, format, x, y)
