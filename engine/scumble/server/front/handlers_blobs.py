"""Blobs in and out: `have`, `put`, `get`."""

from __future__ import annotations

from typing import Any

from ...wire.protocol.messages import MAX_DIGESTS, MAX_RAW, Message
from .checks import digest, malformed, whole
from .clients import ConnectedClient, Frames, Outgoing
from .engine import Engine


def have(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """How much of each blob is held."""
    digests = message.header.get("digests")
    if not isinstance(digests, list) or len(digests) > MAX_DIGESTS:
        raise malformed(f"“digests” is not a list of at most {MAX_DIGESTS}")
    held = {d: engine.uploads.held(d) for d in map(digest, digests)}
    for d in held:
        if d in engine.store:
            engine.store.touch(d)
    return {"have": held}


def put(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """Take a chunk. Pixels on their way mean a job soon: a worker may start meanwhile."""
    if len(message.raw) != 1:
        raise malformed("a “put” has one raw frame")
    size, offset = whole(message.header, "size"), whole(message.header, "offset")
    received = engine.uploads.put(digest(message.header.get("digest")), size, offset, bytes(message.raw[0]))
    engine.scheduler.warm()
    return {"received": received}


def get(engine: Engine, client: ConnectedClient, message: Message) -> Outgoing:
    """Send a piece; it is read when the client can take it. Raises `blob-missing`."""
    name = digest(message.header.get("digest"))
    offset, length = whole(message.header, "offset"), whole(message.header, "length")
    if length > MAX_RAW:
        raise malformed(f"“length” is above {MAX_RAW}")
    engine.store.touch(name)

    def read() -> Frames:
        size, data = engine.store.size(name), engine.store.read(name, offset, length)
        if offset + len(data) >= size:
            engine.fetched(client, name)
        return {"size": size}, (data,)

    return read
