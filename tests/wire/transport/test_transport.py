"""Both transports against a real ROUTER: what arrives, who is let in, and how an end is told."""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest
import zmq

from scumble.wire.engine.connection import Connection
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.protocol.messages import MAX_FRAME
from scumble.wire.transport.base import ConnectionLost, Transport, finish
from scumble.wire.transport.connect import connect, connecting
from scumble.wire.transport.frames import greeting

from ...server.tunnel import Tunnel
from ..conftest import TOKEN

MIB = 1 << 20
BOTH = pytest.mark.parametrize("prefer", ["pure", "pyzmq"])


@pytest.fixture
def opened() -> Iterator[list[Transport]]:
    """Transports to close at the end."""
    transports: list[Transport] = []
    yield transports
    for transport in transports:
        transport.close()


def ask(transport: Transport, frames: list[bytes], seconds: float = 5.0) -> list[bytes]:
    transport.send(frames)
    assert transport.poll(seconds)
    got = transport.receive()
    assert got is not None
    return [bytes(f) for f in got]


@BOTH
@pytest.mark.parametrize("sizes", [(0,), (1, 0, 255, 256), (65_535, 65_536, MIB)], ids=str)
def test_frames_come_back_whole(make_router, opened, prefer: str, sizes: tuple[int, ...]) -> None:
    opened.append(connect(make_router().connection(), prefer))
    frames = [os.urandom(size) for size in sizes]
    assert opened[0].name == prefer
    assert ask(opened[0], frames) == frames
    assert opened[0].receive() is None


@BOTH
def test_a_wrong_token_is_refused_and_nothing_arrives(make_router, prefer: str) -> None:
    router = make_router()
    with pytest.raises(ScumbleError) as e:
        connect(router.connection("wrong"), prefer)
    assert e.value.code == "engine-refused"
    assert router.received == []


class Waking(Tunnel):
    """A way to a router; the first `most` callers are hung up on in the handshake, as by an engine that wakes.

    `reset` ends the connection as who leaves bytes unread does: the other side sees no end, but a reset.
    """

    def __init__(self, target: int, most: int, reset: bool) -> None:
        self._left = most
        self._reset = reset
        super().__init__(target)

    def forward(self, near: socket.socket) -> None:
        self._left -= 1
        if self._left < 0:
            return super().forward(near)
        near.sendall(greeting())
        near.recv(64)
        if self._reset:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        near.close()


@BOTH
@pytest.mark.parametrize("reset", [False, True], ids=["ended", "reset"])
@pytest.mark.parametrize("most", [1, 2])
def test_who_is_hung_up_on_calls_once_more(make_router, opened, prefer: str, most: int, reset: bool) -> None:
    waking = Waking(int(make_router().address.rsplit(":", 1)[1]), most, reset)
    connection = Connection(f"tcp://127.0.0.1:{waking.port}", token=TOKEN)
    try:
        if most == 1:
            opened.append(finish(connecting(connection, prefer)))
            assert ask(opened[0], [b"hello"]) == [b"hello"]
        else:
            with pytest.raises(ScumbleError) as e:
                finish(connecting(connection, prefer))
            assert e.value.code == "engine-refused"
        assert waking.opened == 2
    finally:
        waking.close()


@BOTH
def test_a_token_that_is_wrong_twice_is_refused(make_router, prefer: str) -> None:
    router = make_router()
    begun = time.monotonic()
    with pytest.raises(ScumbleError) as e:
        finish(connecting(router.connection("wrong"), prefer))
    assert e.value.code == "engine-refused" and router.received == []
    assert time.monotonic() - begun < 5


@BOTH
def test_nothing_listening_is_lost_at_once(prefer: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(ConnectionLost):
        connect(Connection(f"tcp://127.0.0.1:{port}", token="x"), prefer)
    assert time.monotonic() - begun < 2


@BOTH
def test_a_peer_that_says_nothing_is_silent_after_the_timeout(prefer: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as s:
        begun = time.monotonic()
        with pytest.raises(ScumbleError) as e:
            connect(Connection(f"tcp://127.0.0.1:{s.getsockname()[1]}", token="x"), prefer, timeout=0.3)
        assert e.value.code == "engine-silent"
        assert 0.25 < time.monotonic() - begun < 2


@BOTH
def test_the_end_of_the_router_is_noticed_after_its_last_message(make_router, opened, prefer: str) -> None:
    router = make_router()
    opened.append(connect(router.connection(), prefer))
    opened[0].send([b"last"])
    assert opened[0].poll(5)
    router.stop()
    assert opened[0].receive() == [b"last"]
    with pytest.raises(ConnectionLost):
        for _ in range(100):
            opened[0].poll(0.05)
    with pytest.raises(ConnectionLost):
        opened[0].send([b"more"])


@BOTH
def test_poll_keeps_to_its_timeout_and_wakes_for_a_message(make_router, opened, prefer: str) -> None:
    router = make_router(lambda identity, frames: time.sleep(0.2) or [frames])
    opened.append(connect(router.connection(), prefer))
    begun = time.monotonic()
    assert not opened[0].poll(0.1)
    assert 0.09 < time.monotonic() - begun < 1
    opened[0].send([b"slow"])
    assert not opened[0].poll(0)
    begun = time.monotonic()
    assert opened[0].poll(10)
    assert time.monotonic() - begun < 2


@BOTH
def test_heartbeats_of_the_router_are_answered(make_router, opened, prefer: str) -> None:
    opened.append(connect(make_router(heartbeat=50).connection(), prefer))
    end = time.monotonic() + 0.6  # four times what the router waits for an answer
    while time.monotonic() < end:
        opened[0].poll(0.02)
    assert ask(opened[0], [b"still here"]) == [b"still here"]


@BOTH
def test_33_megabytes_both_ways(make_router, opened, prefer: str, record_property) -> None:
    opened.append(connect(make_router().connection(), prefer))
    transport, chunk = opened[0], os.urandom(MIB)
    begun, back = time.monotonic(), 0
    for _ in range(33):
        transport.send([b"h", chunk])
    while back < 33:
        assert transport.poll(10)
        got = transport.receive()
        assert got is not None and bytes(got[1]) == chunk
        back += 1
    seconds = time.monotonic() - begun
    record_property("seconds", seconds)
    print(f"{prefer}: 33 MiB both ways in {seconds:.2f} s")
    assert seconds < 20


@BOTH
def test_a_frame_beyond_the_limit_ends_the_connection(make_router, opened, prefer: str) -> None:
    opened.append(connect(make_router(lambda i, f: [[b"x" * (MAX_FRAME + 1)]]).connection(), prefer))
    opened[0].send([b"go"])
    with pytest.raises(ConnectionLost):
        for _ in range(100):
            assert not opened[0].poll(0.05)


@BOTH
def test_closing_twice_is_harmless_and_frees_the_thread(make_router, prefer: str) -> None:
    transport = connect(make_router().connection(), prefer)
    transport.close()
    transport.close()
    assert transport.receive() is None
    with pytest.raises(ConnectionLost):
        transport.poll(0)


def test_curve_through_pyzmq_and_a_clear_refusal_without_it(opened) -> None:
    public, secret = zmq.curve_keypair()
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.linger = 0
        router.curve_server, router.curve_secretkey = True, secret
        router.bind("tcp://127.0.0.1:*")
        address = router.last_endpoint.decode()
        opened.append(connect(Connection(address, server_key=public.decode())))
        opened[0].send([b"secret"])
        assert router.poll(5000) and router.recv_multipart()[1:] == [b"secret"]
        with pytest.raises(ScumbleError) as e:
            connect(Connection(address, server_key=public.decode()), "pure")
        assert e.value.code == "curve-missing"
        wrong = zmq.curve_keypair()[0].decode()
        with pytest.raises(ScumbleError):  # a stranger who does not know the key
            connect(Connection(address, server_key=wrong), timeout=0.5)
        opened[0].close()


def test_a_token_never_leaves_this_machine() -> None:
    with pytest.raises(ScumbleError) as e:
        connect(Connection("tcp://192.0.2.1:5000", token="secret"))
    assert e.value.code == "address-refused"


@pytest.mark.parametrize(
    "says",
    [b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(64), b"\xff" + bytes(8) + b"\x7f\x01" + bytes(60), b"\xff" * 80],
    ids=["http", "zmtp 1", "noise"],
)
def test_a_peer_that_is_no_engine_is_told_apart(says: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peer, _ = server.accept()
            peer.sendall(says)
            peer.recv(1000)
            peer.close()

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(ConnectionLost):
            connect(Connection(f"tcp://127.0.0.1:{server.getsockname()[1]}", token="x"), "pure")
        thread.join()
