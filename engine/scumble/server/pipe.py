"""Frames between the front and a worker: a length (4 bytes, big-endian), then msgpack. Both sides keep to that.

A worker is this engine's own process, but what it sends still passes a bound, so that a stray write ends the worker
and not the engine.
"""

from __future__ import annotations

import struct
from typing import IO, Any

import msgpack

MAX_BYTES = 8 << 20  # the largest are previews
_LENGTH = struct.Struct(">I")


def pack(message: dict[str, Any]) -> bytes:
    """One frame."""
    body: bytes = msgpack.packb(message, use_bin_type=True)
    return _LENGTH.pack(len(body)) + body


def read(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next frame; None at the end of the stream or when what comes is not a frame."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_BYTES:
        return None
    body = stream.read(length)
    if len(body) < length:
        return None
    try:
        message = msgpack.unpackb(body, raw=False, strict_map_key=True)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None
