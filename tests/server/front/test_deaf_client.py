"""A client that asks and never reads is dropped at its limit; one that was forgotten comes back by itself."""

from __future__ import annotations

import contextlib
import time

import psutil
import pytest

from scumble.server.limits import CLIENTS, OUTBOX_MESSAGES
from scumble.wire import Client
from scumble.wire.protocol.messages import PROTOCOL, encode
from scumble.wire.transport.base import ConnectionLost
from scumble.wire.transport.connect import connect

from ..running import Running

ASKED = 60 * OUTBOX_MESSAGES
MOST_BYTES = 48 << 20


@pytest.mark.parametrize("asks", [{"type": "ping"}, {"type": "styles", "thumbnails": True}, {"type": "jobs"}])
def test_a_client_that_does_not_read_is_dropped(engine: Running, asks: dict[str, object]) -> None:
    front = psutil.Process(engine.process.pid)
    with engine.client() as other:
        other.styles()
        before = front.memory_info().rss
        deaf = connect(engine.connection, prefer="pure")
        deaf.send(encode({"type": "hello", "id": 1, "protocol": PROTOCOL, "client": "deaf", "version": ""}))
        with contextlib.suppress(ConnectionLost, OSError):
            for number in range(2, ASKED):
                deaf.send(encode({**asks, "id": number}))
                deaf._write()  # type: ignore[attr-defined]  # and never a read
        begun = time.monotonic()
        assert other.status()["pid"] == engine.process.pid
        assert time.monotonic() - begun < 5
        assert front.memory_info().rss - before < MOST_BYTES
        answers = 0
        with pytest.raises(ConnectionLost):
            while deaf.poll(10):
                answers += deaf.receive() is not None
            raise AssertionError("it was let stay")
        assert answers < ASKED - 2
        deaf.close()


@pytest.mark.parametrize("prefer", ["pure", "pyzmq"])
def test_a_client_that_was_forgotten_greets_again(engine: Running, prefer: str) -> None:
    """It was idle while so many others came that it was the oldest."""
    with Client.connect_to(engine.connection, "idle", prefer=prefer) as idle:
        others = [connect(engine.connection, prefer="pure") for _ in range(CLIENTS + 1)]
        for other in others:
            other.send(encode({"type": "hello", "id": 1, "protocol": PROTOCOL, "client": "one", "version": ""}))
            assert other.poll(10)
        time.sleep(0.6)  # the engine looks some times a second
        assert idle.status()["pid"] == engine.process.pid
        for other in others:
            other.close()
