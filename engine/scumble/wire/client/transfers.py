"""Data by its digest, in chunks: what the engine has is not sent again, and a broken transfer goes on where it was."""

from __future__ import annotations

import hashlib
import io
from collections import deque
from typing import Deque, Dict, Iterable, List, Mapping, Optional

from ..protocol.errors import ScumbleError
from ..protocol.messages import MAX_AHEAD, MAX_BLOB, MAX_DIGESTS, MAX_RAW, Buffer
from .session import Flow, Pending, Session

GONE = ("blob-missing", "blob-digest")  # codes of the error where a picture was damaged before it was fetched
TRIES = 3  # of a transfer that another client's, or the engine's cleaning up, has disturbed


def have(session: Session, digests: Iterable[str]) -> Flow[Dict[str, int]]:
    """How many bytes of each the engine holds."""
    wanted = list(digests)
    held: Dict[str, int] = {}
    for i in range(0, len(wanted), MAX_DIGESTS):
        part = wanted[i : i + MAX_DIGESTS]
        reply = yield from session.ask("have", digests=part)
        sizes = reply.header.get("have")
        held.update({d: _count(sizes, d) for d in part})
    return held


def put(session: Session, blobs: Mapping[str, Buffer]) -> Flow[None]:
    """Send what the engine does not hold yet. Raises `blob-large`, `blob-digest` and others of the engine's."""
    views = {digest: memoryview(data).cast("B") for digest, data in blobs.items()}
    for view in views.values():
        if len(view) > MAX_BLOB:
            raise ScumbleError("blob-large", size=len(view), limit=MAX_BLOB)
    for left in reversed(range(TRIES)):
        held = yield from have(session, views)
        try:
            for digest, view in views.items():
                if held[digest] < len(view) or not len(view):
                    yield from _put_from(session, digest, view, held[digest])
            return
        except ScumbleError as e:
            if e.code != "blob-order" or not left:
                raise  # “blob-order”: another client sends the same, so ask again what is there


def _put_from(session: Session, digest: str, view: memoryview, offset: int) -> Flow[None]:
    """Send `view` from `offset` on, up to `MAX_AHEAD` chunks before the first is answered."""
    ahead: Deque[Pending] = deque()
    first = True
    while first or offset < len(view) or ahead:
        while (first or offset < len(view)) and len(ahead) < MAX_AHEAD:
            chunk = view[offset : offset + MAX_RAW]
            fields = {"digest": digest, "size": len(view), "offset": offset}
            ahead.append(session.request("put", [chunk], fields))
            offset, first = offset + len(chunk), False
        yield ahead[0]
        yield from _settle(ahead)


def _settle(ahead: Deque[Pending]) -> Flow[None]:
    """Take the first answer; if it is an error wait for the others, which failed with it, before it is raised."""
    answer = ahead.popleft()
    if answer.error is not None:
        while ahead:
            yield ahead.popleft()
    answer.result()


class Download:
    """A blob on its way here. It outlives a connection: `run` goes on where the last one broke."""

    def __init__(self, digest: str, size: Optional[int] = None) -> None:
        self.digest = digest
        self._expected = size
        self._begin()

    def _begin(self) -> None:
        self._size: Optional[int] = None
        self._data, self._hash = io.BytesIO(), hashlib.sha256()  # as chunks come, so that the last costs no more

    def run(self, session: Session) -> Flow[bytes]:
        """Fetch the rest. Raises `blob-missing`; `blob-digest`, `blob-large` for what the engine should not send."""
        ahead: Deque[Pending] = deque()
        asked = self._data.tell()
        while self._size is None or self._data.tell() < self._size:
            total = MAX_RAW if self._size is None else self._size  # the first answer tells the size
            while asked < total and len(ahead) < MAX_AHEAD:
                length = min(MAX_RAW, total - asked)
                ahead.append(session.request("get", (), {"digest": self.digest, "offset": asked, "length": length}))
                asked += length
            yield ahead[0]
            self._take(ahead.popleft())
        if self._hash.hexdigest() != self.digest:
            self._begin()
            raise ScumbleError("blob-digest", digest=self.digest)
        return self._data.getvalue()

    def _take(self, pending: Pending) -> None:
        reply = pending.result()
        size = _count(reply.header, "size")
        self._check_size(size)
        self._size = size if self._size is None else self._size
        chunk: List[Buffer] = reply.raw
        count = len(chunk[0]) if len(chunk) == 1 else 0
        if size != self._size or count != min(MAX_RAW, size - self._data.tell()):
            raise ScumbleError("message-malformed", reason="a chunk does not fit")
        if count:
            self._data.write(chunk[0])
            self._hash.update(chunk[0])

    def _check_size(self, size: int) -> None:
        if size > MAX_BLOB:
            raise ScumbleError("blob-large", size=size, limit=MAX_BLOB)
        if self._expected is not None and size != self._expected:
            raise ScumbleError("message-malformed", reason=f"{size} bytes instead of {self._expected}")


def _count(fields: object, key: str) -> int:
    value = fields.get(key, 0) if isinstance(fields, Mapping) else 0
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
