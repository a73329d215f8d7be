"""A transport to an engine: through pyzmq where it loads, in pure Python elsewhere."""

from __future__ import annotations

import time
from typing import Optional

from ..engine.connection import Connection
from ..protocol.errors import ScumbleError
from .base import Steps, Transport

CONNECT_SECONDS = 5.0
AGAIN_SECONDS = 0.3  # between a refusal and the second try


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
    """Like `connect`, in steps that never wait; and a refusal is only believed when it comes twice.

    An engine that was stopped and wakes, as with its computer, hangs up on those that called meanwhile, which looks no
    different.
    """
    try:
        return (yield from _connecting(connection, prefer))
    except ScumbleError as e:
        if e.code != "engine-refused":
            raise
    end = time.monotonic() + AGAIN_SECONDS
    while time.monotonic() < end:
        yield
    return (yield from _connecting(connection, prefer))


def _connecting(connection: Connection, prefer: Optional[str]) -> Steps[Transport]:
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


def _begin(connection: Connection, prefer: Optional[str]) -> Transport:
    host, port = connection.host_and_port()
    if prefer != "pure" and _zmq_loads():
        from .pyzmq import ZmqTransport

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
