"""A ZMTP 3.0 DEALER over TCP with PLAIN, in pure Python: for editors whose Python cannot load compiled modules."""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from typing import Callable, Deque, List, Optional, Sequence

from ..protocol.errors import ScumbleError
from ..protocol.messages import MAX_FRAMES, USER, Buffer
from .base import ConnectionLost
from .frames import (
    COMMAND,
    GREETING_SIZE,
    MORE,
    Command,
    Frame,
    FrameParser,
    MessageBuilder,
    ZmtpError,
    check_greeting,
    command,
    frame_header,
    greeting,
    hello,
    initiate,
    is_error,
    parse_command,
    parse_properties,
)
from .tcp import NO_SIGNAL, TcpConnection, wait_for

READ_SIZE = 1 << 18  # bytes at once
TURN = 1 << 20  # bytes each way in one turn, so that a caller from a GUI's timer gets control back
WAITING_MESSAGES = 64  # no more is read until the caller took some
JOIN_BELOW = 1 << 14  # smaller frames are sent together


class Dealer:
    """One connection to a ROUTER; implements `Transport`."""

    name = "pure"

    def __init__(self, host: str, port: int, token: str, log: str) -> None:
        """Begin to connect; `shake` goes on with it. Raises `ConnectionLost`."""
        self._password = token.encode()
        self.log = log
        self._out: Deque[memoryview] = deque()
        self._messages: Deque[List[Buffer]] = deque()
        self._greeting = bytearray()
        self._parser, self._builder = FrameParser(), MessageBuilder(MAX_FRAMES)
        self._buffer = memoryview(bytearray(READ_SIZE))
        self._expect: Callable[[Command], None] = self._on_welcome
        self._connected = self._open = False
        self._lost: Optional[Exception] = None
        self._tcp = TcpConnection(host, port)
        self._queue(greeting())

    def send(self, frames: Sequence[Buffer]) -> None:
        """See `Transport.send`."""
        self._raise_if_lost()
        idle = not self._out
        small = bytearray()
        for i, frame in enumerate(frames):
            view = memoryview(frame).cast("B")
            small += frame_header(MORE if i < len(frames) - 1 else 0, len(view))
            if len(view) < JOIN_BELOW:
                small += view
            else:
                self._queue(small)
                self._queue(view)
                small = bytearray()
        self._queue(small)
        if idle:  # else `poll` goes on with it, so that many messages at once take no longer than one
            self._guard(self._write)

    def poll(self, timeout: float = 0.0) -> bool:
        """See `Transport.poll`."""
        deadline = time.monotonic() + timeout
        while True:
            self._guard(self._turn)
            if self._messages:
                return True
            self._raise_if_lost()
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._wait(left)

    def receive(self) -> Optional[List[Buffer]]:
        """See `Transport.receive`."""
        return self._messages.popleft() if self._messages else None

    def close(self) -> None:
        """See `Transport.close`."""
        self._lost = self._lost or ConnectionLost("closed")
        self._socket.close()

    @property
    def _socket(self) -> socket.socket:
        return self._tcp.socket

    # the handshake

    def shake(self, timeout: float = 0.0) -> bool:
        """See `Transport.shake`."""
        deadline = time.monotonic() + timeout
        self._connected = self._connected or self._tcp.ready(timeout)
        while self._connected and not self._open:
            self._guard(self._turn)
            if self._open:
                break
            self._raise_if_lost()
            left = deadline - time.monotonic()
            if left <= 0:
                break
            self._wait(left)
        return self._open

    def _on_greeting(self, data: memoryview) -> memoryview:
        """Take the peer's greeting from `data`; what comes after it is returned."""
        missing = GREETING_SIZE - len(self._greeting)
        self._greeting += data[:missing]
        check_greeting(self._greeting)
        if len(self._greeting) == GREETING_SIZE:
            self._queue(hello(USER.encode(), self._password))
        return data[missing:]

    def _on_welcome(self, got: Command) -> None:
        if got.name != b"WELCOME":
            raise ZmtpError(f"{got.name!r:.40} came instead of WELCOME")
        self._queue(initiate())
        self._expect = self._on_ready

    def _on_ready(self, got: Command) -> None:
        if got.name != b"READY" or parse_properties(got.data).get(b"socket-type") != b"ROUTER":
            raise ZmtpError("the peer is not a ROUTER that is ready")
        self._open = True
        self._expect = self._on_command

    def _on_command(self, got: Command) -> None:
        if got.name == b"PING":  # two bytes of time to live, then up to 16 of context, which go back
            self._queue(command(b"PONG", got.data[2:18]))

    # bytes in and out

    def _turn(self) -> None:
        """Write and read what goes without waiting."""
        self._write()
        total = 0
        while total < TURN and len(self._messages) < WAITING_MESSAGES:
            try:
                count = self._socket.recv_into(self._buffer)
            except (BlockingIOError, InterruptedError):
                break
            if count == 0:
                raise self._end()
            self._on_bytes(self._buffer[:count])
            total += count
        self._write()  # answers to commands

    def _end(self) -> Exception:
        if len(self._greeting) == GREETING_SIZE and not self._open:
            return ScumbleError("engine-refused")  # ZAP refuses with an ERROR, or by hanging up
        return ConnectionLost("the engine closed the connection")

    def _on_bytes(self, data: memoryview) -> None:
        if len(self._greeting) < GREETING_SIZE:
            data = self._on_greeting(data)
        try:
            self._parser.feed(data)
        finally:  # what came whole before a violation still counts
            frame = self._parser.next()
            while frame is not None:
                self._on_frame(frame)
                frame = self._parser.next()

    def _on_frame(self, frame: Frame) -> None:
        if frame.flags & COMMAND:
            if is_error(frame.body):
                raise ScumbleError("engine-refused") if not self._open else ConnectionLost("the engine sent an error")
            self._expect(parse_command(frame.body))
        elif not self._open:
            raise ZmtpError("a message before the handshake's end")
        else:
            message = self._builder.add(frame)
            if message is not None:
                self._messages.append(message)

    def _queue(self, data: Buffer) -> None:
        if len(data):
            self._out.append(memoryview(data))

    def _write(self) -> None:
        total = 0
        while self._out and total < TURN:
            try:
                count = self._socket.send(self._out[0], NO_SIGNAL)
            except (BlockingIOError, InterruptedError):
                return
            total += count
            if count == len(self._out[0]):
                self._out.popleft()
            else:
                self._out[0] = self._out[0][count:]

    def _wait(self, seconds: float) -> None:
        wait_for(self._socket, selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0), seconds)

    def _guard(self, step: Callable[[], None]) -> None:
        """Run `step`; what ends the connection is remembered, so that messages that came before it can be taken."""
        if self._lost is not None:
            return
        try:
            step()
        except (OSError, ZmtpError, ConnectionLost, ScumbleError) as e:
            # who hangs up with bytes of ours unread resets the connection: an end like any other
            self._lost = self._end() if isinstance(e, (ConnectionResetError, BrokenPipeError)) else e
            self._socket.close()

    def _raise_if_lost(self) -> None:
        if self._lost is not None and not self._messages:
            raise self._lost if isinstance(self._lost, ScumbleError) else ConnectionLost(str(self._lost))
