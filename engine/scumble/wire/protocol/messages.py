"""Messages and their limits: a msgpack header, then raw frames (docs/protocol.md).

Decoding trusts nothing: sizes, nesting, key types and extension types are checked before a caller sees the header.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

try:
    from .. import msgpack  # type: ignore[attr-defined, unused-ignore]  # a plug-in carries its pure half here
except ImportError:
    import msgpack  # type: ignore[no-redef, unused-ignore]

from .errors import ScumbleError

Buffer = Union[bytes, bytearray, memoryview]
Header = Dict[str, Any]

PROTOCOL = 1
USER = "scumble"  # the PLAIN user name; the password is the connection file's token
MAX_FRAMES = 8
MAX_HEADER = 1 << 20  # bytes
MAX_RAW = 1 << 20  # bytes in one raw frame, so also in a chunk of a blob
MAX_FRAME = max(MAX_HEADER, MAX_RAW)
MAX_NESTING = 16
MAX_BLOB = 1 << 31  # bytes
MAX_DIGESTS = 256  # in one `have`
MAX_AHEAD = 16  # chunks sent, or asked for, before the first is answered
PING_SECONDS = 2.0
SILENT_SECONDS = 10.0  # a peer that says nothing for so long is gone

_PLAIN_TYPES = (str, int, float, bool, type(None))


class Message(NamedTuple):
    """A decoded message: its header and its raw frames."""

    header: Header
    raw: List[Buffer]

    @property
    def type(self) -> str:
        """The message's name."""
        return str(self.header["type"])


def encode(header: Mapping[str, Any], raw: Sequence[Buffer] = ()) -> List[Buffer]:
    """The frames of a message. Raises `message-large`, `message-malformed` (a value that msgpack cannot hold)."""
    try:  # “replace”: file names on disk need not be valid Unicode, and a name is only shown
        packed = msgpack.packb(dict(header), use_bin_type=True, unicode_errors="replace")
    except (TypeError, ValueError, OverflowError) as e:
        raise _malformed(str(e)) from e
    frames = [packed, *raw]
    _check_sizes(frames)
    return frames


def decode(frames: Sequence[Buffer], binary: bool = False) -> Message:
    """The message in `frames`. Raises `message-malformed`, `message-large`.

    With `binary` a value may be bytes, as thumbnails are in a reply of the engine; a client's header has none.
    """
    if not frames:
        raise _malformed("no frames")
    _check_sizes(frames)
    header = _unpack(frames[0], MAX_HEADER if binary else 0)
    _check_header(header, (*_PLAIN_TYPES, bytes) if binary else _PLAIN_TYPES)
    if not isinstance(header.get("type"), str):
        raise _malformed("no type")
    return Message(header, list(frames[1:]))


def readable_id(frames: Sequence[Buffer]) -> Optional[int]:
    """The `id` of a message that `decode` refused, where one can be read at all."""
    if not frames or _size(frames[0]) > MAX_HEADER:
        return None
    try:
        return request_id(_unpack(frames[0], MAX_HEADER))
    except ScumbleError:
        return None


def request_id(header: Mapping[str, Any]) -> Optional[int]:
    """The request's `id`, a whole number from 1; None where there is none."""
    value = header.get("id")
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 1 else None


def _check_sizes(frames: Sequence[Buffer]) -> None:
    if len(frames) > MAX_FRAMES:
        raise _malformed(f"{len(frames)} frames; the limit is {MAX_FRAMES}")
    for i, frame in enumerate(frames):
        size, limit = _size(frame), MAX_RAW if i else MAX_HEADER
        if size > limit:
            raise ScumbleError("message-large", size=size, limit=limit)


def _size(frame: Buffer) -> int:
    return frame.nbytes if isinstance(frame, memoryview) else len(frame)


def _unpack(data: Buffer, max_bin: int = 0) -> Header:
    """The map in `data`; msgpack stops at lengths the data cannot hold, at extension types and at deep nesting."""
    limits = {"max_ext_len": 0, "max_bin_len": max_bin}
    try:
        header = msgpack.unpackb(data, raw=False, strict_map_key=True, ext_hook=_refuse, **limits)
    except (ValueError, TypeError, OverflowError, RecursionError, msgpack.UnpackException) as e:
        raise _malformed(f"not msgpack ({str(e)[:80] or type(e).__name__})") from e
    if not isinstance(header, dict):
        raise _malformed("not a map")
    return header


def _refuse(code: int, data: bytes) -> object:
    raise ValueError(f"extension type {code}")


def _check_header(header: Header, plain: Tuple[type, ...]) -> None:
    """Refuse keys that are not strings, values that are not plain, deep nesting; a loop, so depth costs no stack."""
    level: List[object] = [header]
    depth = 0
    while level:
        below: List[object] = []
        for value in level:
            if isinstance(value, (dict, list)) and depth == MAX_NESTING:
                raise _malformed(f"nested deeper than {MAX_NESTING}")
            if isinstance(value, dict):
                if not all(isinstance(key, str) for key in value):
                    raise _malformed("a key is not a string")
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif not isinstance(value, plain):
                raise _malformed(f"a value is of type {type(value).__name__}")
        level, depth = below, depth + 1


def _malformed(reason: str) -> ScumbleError:
    return ScumbleError("message-malformed", reason=reason)
