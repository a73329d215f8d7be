"""A real ROUTER with PLAIN and ZAP to talk to, and folders of a test's own."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq
from hypothesis import settings
from zmq.auth.thread import ThreadAuthenticator

from scumble.wire import Client
from scumble.wire.engine.connection import Connection
from scumble.wire.protocol.messages import MAX_RAW, decode, encode
from scumble.wire.protocol.pixels import digest_of
from scumble.wire.transport.connect import connecting

settings.register_profile("scumble", deadline=None)  # a busy machine is no failure
settings.load_profile("scumble")

TOKEN = "correct-horse"
Frames = list[bytes]
Handler = Callable[[bytes, Frames], list[Frames]]
Script = Callable[[str], list[dict[str, Any]]]


def echo(identity: bytes, frames: list[bytes]) -> list[Frames]:
    """Every message goes back as it came."""
    return [frames]


@contextlib.contextmanager
def _loops_that_select() -> Iterator[None]:
    """ZeroMQ's sockets need them; on Windows a thread that makes its own loop gets another kind."""
    usual = asyncio.new_event_loop
    if sys.platform == "win32":
        asyncio.new_event_loop = asyncio.SelectorEventLoop
    try:
        yield
    finally:
        asyncio.new_event_loop = usual


class Router:
    """A libzmq ROUTER on a loopback port in a thread of its own; `handler` makes the replies to each message."""

    def __init__(self, handler: Handler, heartbeat: int = 0) -> None:
        self.handler = handler
        self.context = zmq.Context()
        self.auth = ThreadAuthenticator(self.context)
        with _loops_that_select():
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
        self.received: list[Frames] = []
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
        return Connection(address=self.address, token=token, log="/var/log/engine.log")

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self.auth.stop()
        self.context.destroy(linger=0)


class ScriptedEngine:
    """A small engine for the client's tests: it holds blobs; `script` gives the events of each new job."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or (lambda job: [])
        self.blobs: dict[str, bytearray] = {}
        self.jobs: dict[str, str] = {}  # key → job
        self.last: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.mute = False
        self.protocol = 1
        self.max_puts: int | None = None  # then the engine says nothing more to uploads

    def __call__(self, identity: bytes, frames: Frames) -> list[Frames]:
        header, raw = decode(frames)
        self.asked.append(header["type"])
        if self.mute:
            return []
        handler = getattr(self, "on_" + header["type"], None)
        if handler is None:
            return [self._error(header, "message-unknown", type=header["type"])]
        return [list(map(bytes, r)) for r in handler(header, raw)]

    def _error(self, header: dict[str, Any], code: str, **values: Any) -> Frames:
        error = {"code": code, "sentence": code, "remedy": "", "values": values}
        return encode({"type": "error", "re": header["id"], "error": error})

    def _ok(self, header: dict[str, Any], raw: Frames = [], **fields: Any) -> Frames:  # noqa: B006
        return encode({"type": "ok", "re": header["id"], **fields}, raw)

    def on_hello(self, header, raw):
        return [self._ok(header, protocol=self.protocol, version="9", devices=["cpu"])]

    def on_ping(self, header, raw):
        return [self._ok(header)]

    def on_have(self, header, raw):
        return [self._ok(header, have={d: len(self.blobs.get(d, b"")) for d in header["digests"]})]

    def on_put(self, header, raw):
        if self.max_puts is not None:
            if self.max_puts == 0:
                return []
            self.max_puts -= 1
        data = self.blobs.setdefault(header["digest"], bytearray())
        if header["offset"] != len(data):
            return [self._error(header, "blob-order", offset=header["offset"], expected=len(data))]
        data += raw[0]
        if len(data) == header["size"] and digest_of(data) != header["digest"]:
            del self.blobs[header["digest"]]
            return [self._error(header, "blob-digest", digest=header["digest"])]
        return [self._ok(header, received=len(data))]

    def on_get(self, header, raw):
        data = self.blobs.get(header["digest"])
        if data is None:
            return [self._error(header, "blob-missing", digest=header["digest"])]
        assert 0 < header["length"] <= MAX_RAW
        chunk = bytes(data[header["offset"] : header["offset"] + header["length"]])
        return [self._ok(header, [chunk], size=len(data))]

    def on_submit(self, header, raw):
        job = self.jobs.setdefault(header["key"], header.get("job") or f"j{len(self.jobs) + 1}")
        events = [dict(e, job=job) for e in self.script(job)]
        if events:
            self.last[job] = events[-1]
        return [self._ok(header, job=job, position=0), *(self.event(e) for e in events)]

    def on_attach(self, header, raw):
        if header["job"] not in self.jobs.values():
            return [self._error(header, "job-unknown", job=header["job"])]
        last = self.last.get(header["job"])
        return [self._ok(header, state="running"), *([self.event(last)] if last else [])]

    def on_cancel(self, header, raw):
        error = {"code": "cancelled", "sentence": "", "remedy": "", "values": {}}
        failed = {"type": "failed", "job": header["job"], "error": error}
        return [self._ok(header, state="cancelling"), self.event(failed)]

    def on_forget(self, header, raw):
        return [self._ok(header)]

    def on_status(self, header, raw):
        return [self._ok(header, state="idle", pid=1)]

    def on_styles(self, header, raw):
        return [self._ok(header, styles=[{"name": "wave"}])]

    def event(self, event: dict[str, Any]) -> Frames:
        plain = dict(event)
        return encode(plain, plain.pop("raw", []))


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
def engine() -> ScriptedEngine:
    """An engine to script; give it to `make_router`."""
    return ScriptedEngine()


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of the test's own for everything; the runtime folder is returned."""
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(tmp_path / name.lower()))
    return tmp_path / "runtime"


@pytest.fixture(params=["pure", "pyzmq"])
def make_client(request: pytest.FixtureRequest) -> Iterator[Callable[..., Client]]:
    """Clients of given routers, the first that listens; closed with the test."""
    made: list[Client] = []

    def make(*routers) -> Client:
        remaining = list(routers)
        client = Client(lambda: connecting(remaining.pop(0).connection(), request.param), "test", "1")
        made.append(client)
        client.connect()
        return client

    yield make
    for client in made:
        client.close()


def _until(client: Client, condition: Callable[[], bool], seconds: float = 5.0) -> list:
    events, end = [], time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"nothing but {events}"
        events += client.poll(0.05)
    return events


@pytest.fixture
def until() -> Callable[..., list[Any]]:
    """Polls a client until a condition holds; the events that came."""
    return _until
