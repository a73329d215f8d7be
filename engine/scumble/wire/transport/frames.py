"""ZMTP 3.0 on bytes, without a socket: the greeting, frames and PLAIN's commands (RFC 23, 24; PING from RFC 37).

Everything here takes bytes as they come, split anywhere, and refuses what the protocol does not allow.
"""

from __future__ import annotations

import struct
from collections import deque
from typing import Deque, Dict, List, NamedTuple, Optional

from ..protocol.messages import MAX_FRAME, Buffer

GREETING_SIZE = 64
MAX_COMMAND = 4096  # bytes; a handshake or a heartbeat needs less
MORE, LONG, COMMAND = 1, 2, 4


class ZmtpError(Exception):
    """The peer does not keep to the protocol."""


class Frame(NamedTuple):
    """A frame: its flags (MORE, COMMAND) and its body."""

    flags: int
    body: bytearray


def greeting() -> bytes:
    """What a client of version 3.0 says first, choosing PLAIN."""
    return b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"PLAIN".ljust(20, b"\0") + b"\0" + bytes(31)


def check_greeting(data: Buffer) -> None:
    """Refuse a peer by its greeting, complete or only begun. Raises `ZmtpError`."""
    data = bytes(data[:32])
    if data[:1] not in (b"", b"\xff") or data[9:10] not in (b"", b"\x7f"):
        raise ZmtpError("the peer does not speak ZMTP")
    if len(data) > 10 and data[10] < 3:
        raise ZmtpError(f"the peer speaks ZMTP {data[10]}; 3 is needed")
    if len(data) == 32 and data[12:32] != b"PLAIN".ljust(20, b"\0"):
        raise ZmtpError("the peer does not use PLAIN")


def frame_header(flags: int, size: int) -> bytes:
    """The bytes before a body of `size` bytes."""
    return bytes((flags, size)) if size < 256 else struct.pack(">BQ", flags | LONG, size)


def command(name: bytes, data: bytes = b"") -> bytes:
    """A whole command frame."""
    body = bytes((len(name),)) + name + data
    return frame_header(COMMAND, len(body)) + body


def hello(user: bytes, password: bytes) -> bytes:
    """PLAIN's first command. Both are at most 255 bytes."""
    return command(b"HELLO", bytes((len(user),)) + user + bytes((len(password),)) + password)


def initiate() -> bytes:
    """PLAIN's second command: the socket's type and its (empty) identity."""
    properties = ((b"Socket-Type", b"DEALER"), (b"Identity", b""))
    data = b"".join(bytes((len(n),)) + n + struct.pack(">I", len(v)) + v for n, v in properties)
    return command(b"INITIATE", data)


def is_error(body: Buffer) -> bool:
    """Whether a command's body is ERROR.

    libzmq's PLAIN server sends its name as “^RROR”: in its source the C string “\\x05ERROR” begins with \\x05E, one
    byte.
    """
    return bytes(body[:6]) == b"\x05ERROR" or bytes(body[:5]) == b"^RROR"


class Command(NamedTuple):
    """A parsed command."""

    name: bytes
    data: bytes


def parse_command(body: Buffer) -> Command:
    """Name and data of a command's body. Raises `ZmtpError`."""
    body = bytes(body)
    size = body[0] if body else 0
    if not size or len(body) < 1 + size:
        raise ZmtpError("a command without a name")
    return Command(body[1 : 1 + size], body[1 + size :])


def parse_properties(data: bytes) -> Dict[bytes, bytes]:
    """The properties of READY, names in lower case. Raises `ZmtpError`."""
    out: Dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        name_end = at + 1 + data[at]
        if data[at] == 0 or name_end + 4 > len(data):
            raise ZmtpError("a damaged property")
        (size,) = struct.unpack_from(">I", data, name_end)
        end = name_end + 4 + size
        if end > len(data):
            raise ZmtpError("a damaged property")
        out[data[at + 1 : name_end].lower()] = data[name_end + 4 : end]
        at = end
    return out


class FrameParser:
    """Cuts a stream of bytes into frames; beyond those that are ready it holds at most one of the allowed size."""

    def __init__(self, max_frame: int = MAX_FRAME) -> None:
        self._max_frame = max_frame
        self._head = bytearray()
        self._body: Optional[bytearray] = None
        self._filled = 0
        self._ready: Deque[Frame] = deque()

    def feed(self, data: Buffer) -> None:
        """Take bytes as they came. Raises `ZmtpError`; the stream is lost then."""
        view = memoryview(data)
        while len(view):
            view = self._take_head(view) if self._body is None else self._take_body(self._body, view)

    def next(self) -> Optional[Frame]:
        """The next whole frame, if there is one."""
        return self._ready.popleft() if self._ready else None

    def _take_head(self, view: memoryview) -> memoryview:
        missing = self._head_size() - len(self._head)
        self._head += view[:missing]
        if len(self._head) == 1:
            self._check_flags(self._head[0])
        if len(self._head) > 1 and len(self._head) == self._head_size():
            self._begin_body()
        return view[missing:]

    def _head_size(self) -> int:
        if not self._head:
            return 1
        return 9 if self._head[0] & LONG else 2

    def _check_flags(self, flags: int) -> None:
        if flags & ~(MORE | LONG | COMMAND) or (flags & MORE and flags & COMMAND):
            raise ZmtpError(f"a frame with flags {flags:#04x}")

    def _begin_body(self) -> None:
        size = int.from_bytes(self._head[1:], "big")
        limit = MAX_COMMAND if self._head[0] & COMMAND else self._max_frame
        if size > limit:
            raise ZmtpError(f"a frame of {size} bytes; the limit is {limit}")
        self._body, self._filled = bytearray(size), 0
        if size == 0:
            self._finish(self._body)

    def _take_body(self, body: bytearray, view: memoryview) -> memoryview:
        count = min(len(view), len(body) - self._filled)
        body[self._filled : self._filled + count] = view[:count]
        self._filled += count
        if self._filled == len(body):
            self._finish(body)
        return view[count:]

    def _finish(self, body: bytearray) -> None:
        self._ready.append(Frame(self._head[0] & (MORE | COMMAND), body))
        self._head, self._body = bytearray(), None


class MessageBuilder:
    """Collects frames into messages of at most `max_frames`."""

    def __init__(self, max_frames: int) -> None:
        self._max_frames = max_frames
        self._frames: List[Buffer] = []

    def add(self, frame: Frame) -> Optional[List[Buffer]]:
        """The message that `frame` completes, if it does. Raises `ZmtpError`."""
        if len(self._frames) == self._max_frames:
            raise ZmtpError(f"a message of more than {self._max_frames} frames")
        self._frames.append(frame.body)
        if frame.flags & MORE:
            return None
        done, self._frames = self._frames, []
        return done
