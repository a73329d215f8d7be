"""The pure DEALER against peers made of bytes: handshakes, heartbeats, and hostile ones."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable

import pytest

from scumble.wire.engine.connection import Connection
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.protocol.messages import MAX_FRAMES
from scumble.wire.transport import tcp as dial
from scumble.wire.transport.base import ConnectionLost, Transport
from scumble.wire.transport.connect import connect
from scumble.wire.transport.frames import COMMAND, MORE, command, frame_header, greeting

READY = command(b"READY", b"\x0bSocket-Type\x00\x00\x00\x06ROUTER")


class Peer:
    """A peer in bytes: takes one connection, reads the greeting, and says what it is told, in pieces."""

    def __init__(self, *says: bytes | Callable[[socket.socket], None], pause: float = 0.0) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.says, self.pause = says, pause
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        peer, _ = self.server.accept()
        with peer:
            peer.settimeout(5)
            try:
                for says in self.says:
                    says(peer) if callable(says) else peer.sendall(says)
                    time.sleep(self.pause)
                while peer.recv(1 << 16):
                    pass
            except OSError:
                pass

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.close()
        self.thread.join()


def dealer(peer: Peer, timeout: float = 2.0) -> Transport:
    return connect(Connection(f"tcp://127.0.0.1:{peer.port}", token="token", log="/l"), "pure", timeout)


def test_a_handshake_byte_by_byte_with_a_message_at_its_heels() -> None:
    stream = greeting() + command(b"WELCOME") + READY + frame_header(0, 3) + b"hey"
    with Peer(*[stream[i : i + 1] for i in range(len(stream))], pause=0.0005) as peer:
        client = dealer(peer, 5)
        assert client.poll(2) and client.receive() == [b"hey"]
        client.close()


@pytest.mark.parametrize(
    "handshake",
    [
        [command(b"READY", b"")],
        [command(b"WELCOME"), command(b"READY", b"")],  # no socket type
        [command(b"WELCOME"), READY.replace(b"ROUTER", b"DEALER")],
        [frame_header(0, 2) + b"hi"],  # a message before the handshake
        [frame_header(COMMAND, 0)],
        [command(b"WELCOME"), b"\x06" + struct.pack(">Q", 1 << 40)],
    ],
    ids=repr,
)
def test_a_bad_handshake_is_lost_at_once(handshake: list[bytes]) -> None:
    with Peer(greeting(), *handshake) as peer:
        begun = time.monotonic()
        with pytest.raises(ConnectionLost):
            dealer(peer)
        assert time.monotonic() - begun < 1


@pytest.mark.parametrize("end", [command(b"ERROR", b"\x03400"), b"\x04\x09^RROR\x03400"], ids=["rfc", "libzmq"])
def test_an_error_is_a_refusal(end: bytes) -> None:
    with Peer(greeting(), end) as peer, pytest.raises(ScumbleError) as e:
        dealer(peer)
    assert e.value.code == "engine-refused"


def test_hanging_up_in_the_handshake_is_a_refusal() -> None:
    with Peer(greeting(), lambda s: s.shutdown(socket.SHUT_RDWR)) as peer, pytest.raises(ScumbleError) as e:
        dealer(peer)
    assert e.value.code == "engine-refused"


def test_every_address_of_a_name_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as s:
        closed = s.getsockname()
    with Peer(greeting(), command(b"WELCOME"), READY) as peer:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        addresses = [(*kind, closed), (*kind, ("127.0.0.1", peer.port))]
        monkeypatch.setattr(dial.socket, "getaddrinfo", lambda *a, **k: list(addresses))
        dealer(peer).close()
        addresses.pop()
        with pytest.raises(ConnectionLost):
            dealer(peer)


def test_a_ping_is_answered_with_its_context() -> None:
    got = bytearray()

    def read_pong(peer: socket.socket) -> None:
        while b"PONG" not in got or not got.endswith(b"context"):
            got.extend(peer.recv(1000))

    ping = command(b"PING", b"\x00\x0a" + b"context")
    with Peer(greeting(), command(b"WELCOME"), READY, ping, read_pong) as peer:
        client = dealer(peer)
        end = time.monotonic() + 3
        while not got.endswith(b"context") and time.monotonic() < end:
            client.poll(0.02)
        client.close()
    assert got.endswith(command(b"PONG", b"context"))


def test_messages_before_a_violation_are_still_delivered() -> None:
    good = frame_header(0, 2) + b"ok"
    with Peer(greeting(), command(b"WELCOME"), READY + good * 2 + b"\x80") as peer:
        client = dealer(peer)
        end = time.monotonic() + 2
        got = []
        while len(got) < 2 and time.monotonic() < end:
            if client.poll(0.1):
                got.append(client.receive())
        assert got == [[b"ok"], [b"ok"]]
        with pytest.raises(ConnectionLost):
            for _ in range(20):
                client.poll(0.05)


def test_a_flood_of_frames_without_an_end_is_refused() -> None:
    flood = (frame_header(MORE, 1) + b"x") * (MAX_FRAMES + 5)
    with Peer(greeting(), command(b"WELCOME"), READY, flood) as peer:
        client = dealer(peer)
        with pytest.raises(ConnectionLost):
            for _ in range(20):
                assert not client.poll(0.1)


def test_a_peer_that_never_stops_talking_does_not_keep_the_caller() -> None:
    stop, message = threading.Event(), frame_header(0, 1000) + bytes(1000)

    def talk(peer: socket.socket) -> None:
        end = time.monotonic() + 5
        while not stop.is_set() and time.monotonic() < end:
            peer.sendall(message * 100)

    with Peer(greeting(), command(b"WELCOME"), READY, talk) as peer:
        client = dealer(peer)
        begun, taken = time.monotonic(), 0
        for _ in range(20):
            assert client.poll(1)
            while client.receive() is not None:
                taken += 1
        assert time.monotonic() - begun < 2 and taken >= 20
        stop.set()
        client.close()


def test_a_peer_that_reads_nothing_does_not_block_the_sender() -> None:
    stop = threading.Event()
    with Peer(greeting(), command(b"WELCOME"), READY, lambda s: stop.wait(5)) as peer:
        client = dealer(peer)
        begun = time.monotonic()
        for _ in range(16):
            client.send([b"h", bytes(1 << 20)])
        assert not client.poll(0.05)
        assert time.monotonic() - begun < 1
        stop.set()
        client.close()
