"""How messages travel: one small interface, spoken by pyzmq where it loads and in pure Python elsewhere."""

from __future__ import annotations

from typing import List, Optional, Protocol, Sequence

from .connection import Connection
from .errors import ScumbleError
from .messages import Buffer

CONNECT_SECONDS = 5.0


class ConnectionLost(Exception):
    """The peer is gone: nothing listens there, or the connection broke."""


class Transport(Protocol):
    """A connection to the engine, past its handshake. Used from one thread; nothing waits longer than told."""

    name: str
    log: str  # the engine's log file, for what a person is told

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
    host, port = connection.host_and_port()
    if prefer != "pure" and _zmq_loads():
        from .zmq_transport import ZmqTransport

        return ZmqTransport(connection, timeout)
    if connection.server_key:
        raise ScumbleError("curve-missing")
    if prefer == "pyzmq":
        raise ImportError("pyzmq cannot be imported")
    from .zmtp import Dealer

    return Dealer(host, port, connection.token, timeout, connection.log)


def _zmq_loads() -> bool:
    try:
        import zmq  # noqa: F401
    except Exception:  # a foreign or damaged binary can fail in many ways, and pure Python always works
        return False
    return True
