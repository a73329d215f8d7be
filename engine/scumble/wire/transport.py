"""How messages travel: one small interface, spoken by pyzmq where it loads and in pure Python elsewhere."""

from __future__ import annotations

import time
from typing import Callable, Generator, List, Optional, Protocol, Sequence, TypeVar, cast

from .connection import Connection
from .errors import ScumbleError
from .messages import Buffer

T = TypeVar("T")
Steps = Generator[None, None, T]  # work in steps: it yields wherever it would have to wait

CONNECT_SECONDS = 5.0


class ConnectionLost(Exception):
    """The peer is gone: nothing listens there, or the connection broke."""


class Transport(Protocol):
    """A connection to the engine. Used from one thread; nothing waits longer than told."""

    name: str
    log: str  # the engine's log file, for what a person is told

    def shake(self, timeout: float = 0.0) -> bool:
        """Connect and shake hands, for at most `timeout` seconds at a time; whether that is done.

        Nothing else but `close` may be called before. Raises `ConnectionLost`, `engine-refused`.
        """

    def send(self, frames: Sequence[Buffer]) -> None:
        """Take a message to send; its buffers must not change afterwards. Never waits. Raises `ConnectionLost`."""

    def poll(self, timeout: float = 0.0) -> bool:
        """Move bytes both ways until a message waits, for at most `timeout` seconds; whether one does.

        Raises `ConnectionLost` when nothing waits and nothing will.
        """

    def receive(self) -> Optional[List[Buffer]]:
        """The next message that waits; None without one."""

    def fileno(self) -> int:
        """A descriptor that may become readable when `poll` has work; a timer must poll as well."""

    def close(self) -> None:
        """Close at once; what was not sent is dropped. May be called twice."""


def connect(connection: Connection, prefer: Optional[str] = None, timeout: float = CONNECT_SECONDS) -> Transport:
    """A transport past its handshake. `prefer` is “pyzmq” or “pure”; without it pyzmq is used where it imports.

    Raises `ConnectionLost` when nothing listens; `engine-refused` for a wrong token; `engine-silent` after `timeout`
    seconds; `curve-missing`; `address-refused`.
    """
    transport = _begin(connection, prefer)
    try:
        if not transport.shake(timeout):
            raise ScumbleError("engine-silent", log=connection.log)
    except BaseException:
        transport.close()
        raise
    return transport


def connecting(connection: Connection, prefer: Optional[str] = None) -> Steps[Transport]:
    """Like `connect`, in steps that never wait."""
    end = time.monotonic() + CONNECT_SECONDS
    transport = _begin(connection, prefer)
    try:
        while not transport.shake():
            if time.monotonic() > end:
                raise ScumbleError("engine-silent", log=connection.log)
            yield
    except BaseException:
        transport.close()
        raise
    return transport


def finish(steps: Steps[T], on_wait: Optional[Callable[[], None]] = None) -> T:
    """Take all the steps, waiting between them, at first for a moment, then longer; `on_wait` is called each time."""
    pause = 0.0005
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return cast(T, stop.value)
        if on_wait is not None:
            on_wait()
        time.sleep(pause)
        pause = min(pause * 1.5, 0.03)


def _begin(connection: Connection, prefer: Optional[str]) -> Transport:
    host, port = connection.host_and_port()
    if prefer != "pure" and _zmq_loads():
        from .zmq_transport import ZmqTransport

        return ZmqTransport(connection)
    if connection.server_key:
        raise ScumbleError("curve-missing")
    if prefer == "pyzmq":
        raise ImportError("pyzmq cannot be imported")
    from .zmtp import Dealer

    return Dealer(host, port, connection.token, connection.log)


def _zmq_loads() -> bool:
    try:
        import zmq  # noqa: F401
    except Exception:  # a foreign or damaged binary can fail in many ways, and pure Python always works
        return False
    return True
