"""Find the user's engine: the remote one they chose, or the one of this machine, which is started if there is none."""

from __future__ import annotations

import time
from typing import Callable, List, Optional

from ..engine.connection import Connection, read_connection
from ..engine.launch import INSTALL, Started, engine_command, start_engine
from ..engine.remote import remote_connection
from ..protocol.errors import ScumbleError
from ..transport.base import ConnectionLost, Steps, Transport
from ..transport.connect import connecting
from ..version import VERSION, newer
from .session import Session

START_SECONDS = 30.0
GOING_SECONDS = 0.5  # until an engine that closed the connection is seen to be gone
STARTS = 3  # a start may meet an engine that is just ending, and lose to its lock


def finding_engine(
    prefer: Optional[str] = None,
    seconds: float = START_SECONDS,
    may_start: Callable[[], bool] = lambda: True,
    ending: int = 0,
    near: bool = False,
) -> Steps[Transport]:
    """A transport to the user's engine, in steps that never wait; it is started if it does not run.

    Raises `ConnectionLost` where none runs and none may be started.

    An engine whose process is `ending` is left alone; the next is started when it is gone (`engine-stopping` if it
    takes longer than `seconds`). So is one that is older than this and has nothing to do. A remote engine is used as
    it is; `near` takes this machine's whatever was chosen. Raises `engine-missing`, `engine-refused`, `engine-silent`,
    `folder-unsafe`, and for a remote engine `remote-unreachable`, `remote-refused`, `remote-unreadable`.
    """
    remote = None if near else remote_connection()
    if remote is not None:
        return (yield from reaching_remote(remote, prefer))
    deadline = time.monotonic() + seconds
    tries: List[Started] = []
    while True:
        connection = read_connection()
        if connection is not None and connection.pid == ending and may_start():
            if time.monotonic() > deadline:
                raise ScumbleError("engine-stopping")
            yield
            continue
        transport = yield from _trying(connection, prefer)
        if transport is not None and connection is not None:
            if not (may_start() and (yield from _retiring(transport, connection))):
                return transport
            transport.close()
            ending = connection.pid
            continue
        if connection is not None and read_connection() not in (None, connection):
            continue  # the engine wrote its file anew, or another one listens by now
        if not may_start():
            raise ConnectionLost("no engine runs")
        if tries and (time.monotonic() > deadline or (_ended(tries[-1]) and len(tries) >= STARTS)):
            raise _not_started(tries[-1])
        if not tries or _ended(tries[-1]):
            tries = [t for t in tries if not t.lost()] + [start_engine(engine_command())]
        yield


def reaching_remote(connection: Connection, prefer: Optional[str] = None) -> Steps[Transport]:
    """A transport to an engine on another machine. Raises `remote-unreachable`, `remote-refused`."""
    try:
        return (yield from connecting(connection, prefer))
    except ConnectionLost as e:
        raise ScumbleError("remote-unreachable", address=connection.address, reason=e) from e
    except ScumbleError as e:
        if e.code == "engine-silent":
            raise ScumbleError("remote-unreachable", address=connection.address, reason="it does not answer") from e
        if e.code == "engine-refused":
            raise ScumbleError("remote-refused", address=connection.address) from e
        raise


def _trying(connection: Optional[Connection], prefer: Optional[str]) -> Steps[Optional[Transport]]:
    if connection is None:
        return None
    try:
        return (yield from connecting(connection, prefer))
    except ConnectionLost:
        return None  # a stale file whose process number is another's by now, or an engine that is just ending
    except ScumbleError as e:
        if e.code != "engine-refused" or not (yield from _going(connection)):
            raise
        return None


def _going(connection: Connection) -> Steps[bool]:
    """Whether the engine behind a connection ends just now: one that dies in the handshake seems to refuse it."""
    end = time.monotonic() + GOING_SECONDS
    while read_connection() == connection:
        if time.monotonic() > end:
            return False
        yield
    return True


def _retiring(transport: Transport, connection: Connection) -> Steps[bool]:
    """Whether an older engine makes room: it says so, or is gone by then, since another client asked it before.

    One that does not understand the question is used as it is.
    """
    if not newer(VERSION, connection.version):
        return False
    session = Session(transport)
    try:
        pending = session.request("retire", (), {"version": VERSION})
        while not pending.done:
            yield
            session.pump()
        return pending.result().header.get("retiring") is True
    except ConnectionLost:
        return True
    except ScumbleError:
        return False  # what is wrong with it shows when it is greeted


def _ended(started: Started) -> bool:
    """Whether the process ended some time ago: the engine that won its lock needs that to write its connection file."""
    return started.process.poll() is not None and time.monotonic() - started.at > 0.7


def _not_started(started: Started) -> ScumbleError:
    told = started.error()
    if told is not None:
        return told
    code, words = started.process.poll(), started.tail()
    reason = words or ("it does not listen" if code is None else f"it ended with {code}")
    return ScumbleError("engine-missing", reason=reason, command=INSTALL)
