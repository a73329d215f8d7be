"""A real ROUTER with PLAIN and ZAP to talk to, and folders of a test's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq
from zmq.auth.thread import ThreadAuthenticator

from scumble.wire.connection import Connection

TOKEN = "correct-horse"
Handler = Callable[[bytes, list[bytes]], list[list[bytes]]]


def echo(identity: bytes, frames: list[bytes]) -> list[list[bytes]]:
    """Every message goes back as it came."""
    return [frames]


class Router:
    """A libzmq ROUTER on a loopback port in a thread of its own; `handler` makes the replies to each message."""

    def __init__(self, handler: Handler, heartbeat: int = 0) -> None:
        self.handler = handler
        self.context = zmq.Context()
        self.auth = ThreadAuthenticator(self.context)
        self.auth.start()
        self.auth.configure_plain(domain="*", passwords={"scumble": TOKEN})
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.linger = 0
        self.socket.plain_server = True
        self.socket.sndhwm = self.socket.rcvhwm = 0
        if heartbeat:
            self.socket.heartbeat_ivl = heartbeat
            self.socket.heartbeat_timeout = heartbeat * 3
        self.socket.bind("tcp://127.0.0.1:*")
        self.address = self.socket.last_endpoint.decode()
        self.received: list[list[bytes]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._stop.is_set():
            if not self.socket.poll(20):
                continue
            identity, *frames = self.socket.recv_multipart()
            self.received.append(frames)
            for reply in self.handler(identity, frames):
                self.socket.send_multipart([identity, *reply])

    def connection(self, token: str = TOKEN) -> Connection:
        return Connection(address=self.address, token=token)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self.auth.stop()
        self.context.destroy(linger=0)


@pytest.fixture
def make_router() -> Iterator[Callable[..., Router]]:
    """Makes routers that end with the test."""
    made: list[Router] = []

    def make(handler: Handler = echo, heartbeat: int = 0) -> Router:
        made.append(Router(handler, heartbeat))
        return made[-1]

    yield make
    for router in made:
        router.stop()


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of the test's own for everything; the runtime folder is returned."""
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(tmp_path / name.lower()))
    return tmp_path / "runtime"


def wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether `condition` came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
