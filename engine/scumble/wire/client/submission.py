"""A request on its way to the engine: the data it names, then itself."""

from __future__ import annotations

import uuid
from typing import Any, Dict, Mapping

from ..protocol.errors import ScumbleError
from ..protocol.messages import Buffer
from ..request.request import Request
from . import transfers
from .session import Flow, Session

KEPT = (
    1 << 28
)  # bytes of data that are kept until the job's end, to be sent again; of more, what the engine has must do


def unkept(times: int) -> ScumbleError:
    """The engine's files do not stay as they are, however often they are sent."""
    return ScumbleError("files-unusable", reason=f"what was sent was damaged or removed {times} times")


class Submission:
    """It outlives a connection: `run` again goes on where it was, and never makes a second job of the same key.

    Without `outlive` the job is cancelled when its client goes. One in the `background` gives way to all others.
    """

    def __init__(
        self,
        request: Request,
        blobs: Mapping[str, Buffer],
        outlive: bool = False,
        key: str = "",
        background: bool = False,
    ) -> None:
        self.asked = False  # the engine may have the job
        self.sent = 0  # times
        self._blobs = dict(blobs)
        key = key or uuid.uuid4().hex
        self._fields: Dict[str, Any] = {"request": request.to_plain(), "outlive": outlive, "key": key}
        if background:
            self._fields["background"] = True

    def run(self, session: Session, job: str = "") -> Flow[str]:
        """Send what the engine lacks, then the request; the job's id. Raises the engine's errors.

        `job` is the id that it had when an engine lost it, and is to have again.
        """
        self.sent += 1
        fields = {**self._fields, "job": job} if job else self._fields
        for left in reversed(range(transfers.TRIES)):
            yield from transfers.put(session, self._blobs)
            try:
                self.asked = True
                reply = yield from session.ask("submit", **fields)
                break
            except ScumbleError as e:  # dropped between the two: the store was short of space
                if e.code != "blob-missing" or e.values.get("digest") not in self._blobs:
                    raise
                if not left:
                    raise unkept(transfers.TRIES) from e
        if sum(memoryview(data).nbytes for data in self._blobs.values()) > KEPT:
            self._blobs.clear()
        return str(reply.header.get("job", ""))
