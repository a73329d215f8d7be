"""What travels between a batch and a Ray worker: headers in msgpack, as on the wire, and data as plain bytes.

Ray carries arguments by a pickler of its own; of ours it gets bytes, texts and numbers alone.
"""

from __future__ import annotations

from typing import Any

from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.events import Failed, Result, parse_event
from ..wire.protocol.messages import Message, decode, encode
from ..wire.request.request import Request
from .orders import Painted

ONE = "picture"  # the job that a parcel is about


def pack(kind: str, **fields: Any) -> bytes:
    """A header. Raises `message-large`, `message-malformed`."""
    return bytes(encode({"type": kind, **fields})[0])


def unpack(header: bytes) -> Message:
    """The header that `pack` made. Raises `message-malformed`; the error that it tells of, where it is a failure."""
    message = decode([header])
    if message.type == "failed":
        raise ScumbleError.from_plain(message.header["error"])
    return message


def pack_failure(error: ScumbleError) -> bytes:
    """A header that raises `error` where it is unpacked."""
    return pack("failed", error=error.to_plain())


def pack_request(request: Request, digests: list[str]) -> bytes:
    """A request, and the digests of the data that goes with it, in their order."""
    return pack("paint", request=request.to_plain(), digests=digests)


def unpack_request(header: bytes) -> tuple[Request, list[str]]:
    """What `pack_request` packed. Raises `message-malformed`, `option-…`."""
    fields = unpack(header).header
    return Request.from_plain(fields["request"]), list(fields["digests"])


def pack_result(result: Result) -> bytes:
    """The account of a run, as its event."""
    fields = {name: getattr(result, name) for name in ("seconds", "steps", "losses", "device", "model", "cached")}
    notes = [note.to_plain() for note in result.notes]
    return pack("result", job=ONE, picture=result.picture.to_plain(), notes=notes, **fields)


def unpack_painted(header: bytes, pixels: bytes) -> Painted:
    """What a worker painted. Raises why it could not, and `message-malformed`."""
    event = parse_event(unpack(header))
    if isinstance(event, Failed):
        raise event.error
    if not isinstance(event, Result) or event.picture.raw.nbytes != len(pixels):
        raise ScumbleError("message-malformed", reason="what a worker sent is no picture")
    return Painted(event.picture, pixels, event)
