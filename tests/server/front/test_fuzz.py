"""Ten thousand hostile messages and a flood: the engine answers what can be answered and goes on."""

from __future__ import annotations

import copy
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest

from scumble.wire import Client, Connection, PixelFormat, ScumbleError, digest_of, read_connection
from scumble.wire.protocol.messages import MAX_FRAME, MAX_RAW, decode
from scumble.wire.transport.base import ConnectionLost, Transport
from scumble.wire.transport.connect import connect

MESSAGES = 10_000
FLOOD = 50_000
MESSAGE_TYPES = """
    hello ping have put get submit attach cancel forget jobs styles models status
    ok error result progress no-such __class__
"""
FIELD_NAMES = """
    protocol client version digests digest size offset length request outlive key job
    re error have type now patience
"""
TYPES, FIELDS = [*MESSAGE_TYPES.split(), ""], FIELD_NAMES.split()
DIGEST = digest_of(b"fuzz")
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63, 2**64 - 1, -(2**63), 0.5, 1e308, float("inf"), float("nan")),
    *("", "x", "x" * 70_000, "../../../etc/passwd", "/dev/zero", "\0", "%s%n", "{0.__class__}", "'; --", "🖌" * 100),
    *(DIGEST, DIGEST.upper(), DIGEST[:-1], "g" * 64, "j1"),
    *([], {}, [None] * 1000, [DIGEST] * 300, [[[[[[]]]]]], {"": {"": {}}}, {"method": "optimize"}, {"digest": DIGEST}),
    {"styles": [{"weight": -1}] * 20, "canvas": [2**40, -1], "content": {"digest": DIGEST, "format": None}},
    {"content": {"digest": DIGEST, "format": PixelFormat(65_535, 65_535, 4, "f32").to_plain(), "x": -(2**31) + 1}},
)
PICTURE = {"digest": DIGEST, "format": PixelFormat(4, 3, 4).to_plain(), "x": 0, "y": 0}
REQUEST = {"method": "fast", "seed": 1, "canvas": [4, 3], "content": PICTURE, "styles": [{"picture": PICTURE}]}
RIGHT: tuple[dict[str, Any], ...] = (
    {"type": "hello", "protocol": 1, "client": "fuzz", "version": "", "patience": 1.5},
    {"type": "have", "digests": [DIGEST]},
    {"type": "put", "digest": DIGEST, "size": 10_000, "offset": 0},
    {"type": "get", "digest": DIGEST, "offset": 0, "length": 100},
    {"type": "submit", "request": REQUEST, "outlive": False, "key": ""},
    {"type": "submit", "request": REQUEST, "outlive": True, "key": "k"},
    *({"type": kind, "job": "j1"} for kind in ("attach", "cancel", "forget")),
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A real engine in folders of its own."""
    folder: Path = tmp_path_factory.mktemp("engine")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
            patch.setenv(f"SCUMBLE_{name}", str(folder / name.lower()))
        client = Client.connect_or_start("fuzz")
        connection = read_connection()
        assert connection is not None
        yield connection
        client.shutdown(now=True)


def random_plain(rng: random.Random, depth: int = 0) -> Any:
    kind = rng.randrange(6 if depth < 4 else 4)
    if kind < 4:
        return rng.choice(VALUES)
    if kind == 4:
        return [random_plain(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(FIELDS): random_plain(rng, depth + 1) for _ in range(rng.randrange(4))}


def header(rng: random.Random, number: int) -> dict[str, Any]:
    """A well-formed header: of random fields, or a right message in which one value is hostile."""
    if rng.random() < 0.5:
        fields = {name: random_plain(rng) for name in rng.sample(FIELDS, rng.randrange(5))}
        return {**fields, "type": rng.choice(TYPES), "id": number}
    plain = copy.deepcopy(rng.choice(RIGHT))
    inner = plain.get("request", plain) if rng.random() < 0.8 else plain
    inner[rng.choice([*(k for k in inner if k != "type"), "styles", "content"])] = random_plain(rng)
    return {**plain, "id": number}


def mangled(rng: random.Random, frames: list[bytes]) -> list[bytes]:
    """The same frames, truncated, flipped, shuffled, repeated or left out."""
    frames = list(frames)
    i = rng.randrange(len(frames))
    cut = rng.randrange(len(frames[i]) + 1)
    match rng.randrange(5):
        case 0:
            frames[i] = frames[i][:cut]
        case 1 if frames[i]:
            data = bytearray(frames[i])
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            frames[i] = bytes(data)
        case 2:
            rng.shuffle(frames)
        case 3:
            frames += frames * rng.randrange(1, 12)
        case _:
            frames = frames[:i] or [b""]
    return frames


def noise(rng: random.Random) -> list[bytes]:
    return [rng.randbytes(rng.choice((0, 1, 2, 9, 100, 3000))) for _ in range(rng.randrange(1, 12))]


class Attacker:
    """Sends hostile messages and keeps the answers, by the request's id."""

    def __init__(self, connection: Connection, seed: int) -> None:
        self.transport: Transport = connect(connection)
        self.rng = random.Random(seed)
        self.asked: set[int] = set()
        self.answers: dict[int, list[str]] = {}
        self.codes: Counter[str] = Counter()

    def attack(self, count: int) -> None:
        for number in range(1, count + 1):
            self.transport.send(self.frames(number))
            if number % 100 == 0:
                self.collect(0.0)

    def frames(self, number: int) -> list[bytes]:
        kind = self.rng.randrange(4)
        if kind == 0:
            return noise(self.rng)
        plain = header(self.rng, number if kind > 1 else number + 2**50)  # a flipped bit makes no id of ours
        raw = [self.rng.randbytes(self.rng.choice((0, 1, 5000)))] * self.rng.randrange(3)
        frames = [msgpack.packb(plain), *raw]
        if kind == 1:
            return mangled(self.rng, frames)
        self.asked.add(number)
        return frames

    def collect(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.transport.poll(max(0.0, min(0.2, end - time.monotonic()))) or time.monotonic() < end:
            frames = self.transport.receive()
            if frames is not None:
                message = decode(frames)
                self.codes[message.header.get("error", {}).get("code", message.type)] += 1
                if "re" in message.header:
                    self.answers.setdefault(message.header["re"], []).append(message.type)
            if seconds and self.asked <= self.answers.keys():
                return


def still_answers(connection: Connection) -> None:
    """A new client is greeted and served, by the same process."""
    with Client.connect_to(connection, "after") as client:
        status = client.status()
        assert status["pid"] == client.info["pid"] == connection.pid
        assert client.get(client.put(b"alive")) == b"alive"


@pytest.mark.parametrize("greeted", [True, False], ids=["after hello", "before hello"])
def test_hostile_messages_are_answered_once_and_do_no_harm(running: Connection, greeted: bool) -> None:
    attacker = Attacker(running, seed=int(greeted))
    begun = time.monotonic()
    try:
        if greeted:
            hello = {"type": "hello", "id": 2**40, "protocol": 1, "client": "fuzz", "version": ""}
            attacker.transport.send([msgpack.packb(hello)])
        attacker.attack(MESSAGES // 2)
        attacker.collect(10.0)
        unanswered = attacker.asked - attacker.answers.keys()
        assert not unanswered, f"{len(unanswered)} of {len(attacker.asked)}"
        assert [n for n in attacker.asked if len(attacker.answers[n]) != 1] == []
        assert {a for n in attacker.asked for a in attacker.answers[n]} <= {"ok", "error"}
        assert attacker.codes["internal"] == 0 and attacker.codes["message-malformed"] > 100, attacker.codes
        if greeted:
            assert attacker.answers[2**40] == ["ok"] and len(attacker.codes) > 8
    finally:
        attacker.transport.close()
    still_answers(running)
    assert time.monotonic() - begun < 20


def test_a_flood_of_tiny_messages_by_one_client_does_not_shut_others_out(running: Connection) -> None:
    flooder = connect(running)
    try:
        ping = msgpack.packb({"type": "ping", "id": 1})
        sent = 0
        while sent < FLOOD:
            try:
                flooder.send([ping])
                sent += 1
            except ConnectionLost:  # its queue is full: on a busy machine what was sent is still being taken
                time.sleep(0.01)
        begun = time.monotonic()
        still_answers(running)
        assert time.monotonic() - begun < 10
    finally:
        flooder.close()


@pytest.mark.parametrize("sizes", [[MAX_FRAME + 1], [1, 1, MAX_RAW * 3]], ids=str)
def test_a_frame_beyond_the_limit_ends_that_connection_alone(running: Connection, sizes: list[int]) -> None:
    with Client.connect_to(running, "bystander") as bystander:
        attacker = connect(running)
        attacker.send([bytes(size) for size in sizes])
        with pytest.raises(ConnectionLost):
            for _ in range(100):
                attacker.poll(0.05)
        attacker.close()
        bystander.ping()
    still_answers(running)


def test_half_an_upload_by_many_who_vanish_does_no_harm(running: Connection) -> None:
    rng = random.Random(5)
    for n in range(30):
        transport = connect(running)
        hello = {"type": "hello", "id": 1, "protocol": 1, "client": "gone", "version": ""}
        put = {"type": "put", "id": 2, "digest": digest_of(b"%d" % n), "size": 1 << 31, "offset": 0}
        transport.send([msgpack.packb(hello)])
        transport.send([msgpack.packb(put), rng.randbytes(1000)])
        transport.poll(0.05)
        transport.close()
    still_answers(running)


def test_a_stranger_gets_nothing(running: Connection) -> None:
    for token in ("", "x", running.token[:-1], running.token + "x"):
        with pytest.raises(ScumbleError) as e:
            connect(Connection(running.address, token=token), "pure")
        assert e.value.code == "engine-refused"
    still_answers(running)
