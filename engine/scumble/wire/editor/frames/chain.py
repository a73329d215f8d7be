"""Frames tied to one another: each request tells of the frame before it and of what came of that."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Mapping, Optional, Tuple

from ...protocol.blobs import Blobs
from ...protocol.messages import Buffer
from ...protocol.pixels import PictureRef
from ...request.frame import Frame
from ...request.request import Request


class Chain:
    """Goes along with frames that are painted in their order. It holds one frame and its layer, however many come."""

    def __init__(self) -> None:
        self._content: Optional[Tuple[PictureRef, Buffer]] = None  # of the frame that is painted now
        self._frame, self._data = Frame(), Blobs()

    def tied(self, request: Request, blobs: Mapping[str, Buffer]) -> Tuple[Request, Blobs]:
        """The request for the next frame, and its data, with what it is held to."""
        both: Dict[str, Buffer] = {**self._data, **blobs}
        if request.content is not None:
            self._content = (request.content, blobs[request.content.digest])
        return replace(request, frame=self._frame), Blobs(both)

    def painted(self, ref: PictureRef, data: Buffer) -> None:
        """What came of that frame."""
        if self._content is None:
            return self.cut()
        content, pixels = self._content
        self._frame, self._data = Frame(content, ref), Blobs({content.digest: pixels, ref.digest: data})

    def cut(self) -> None:
        """The next frame is held to nothing: there was nothing on the one before it."""
        self._content, self._frame, self._data = None, Frame(), Blobs()
