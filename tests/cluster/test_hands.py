"""Who gets a picture again when workers die: told of workers that die as asked, since real ones cannot be timed so."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from scumble.wire import PictureRef, PixelFormat, Request, ScumbleError, Style, digest_of
from scumble.wire.protocol.events import Result

pytest.importorskip("ray", reason="ray is not installed: pip install 'scumble[cluster]'")

from scumble.cluster.hands import Hands
from scumble.cluster.orders import TRIES, Order, Painted
from scumble.cluster.painter import check, marks_of, own_folder
from scumble.cluster.parcels import pack, pack_failure, pack_result, unpack, unpack_request
from scumble.cluster.rays import Lost

PIXELS = b"\1\2\3\4"
LAYER = PictureRef(digest_of(PIXELS), PixelFormat(1, 1, 4), 0, 0)


class Workers:
    """In Ray's place: two workers with two pictures each; what is called “kill” ends whoever has it."""

    count = 2

    def __init__(self, ready: bytes) -> None:
        self._ready, self._numbers = ready, itertools.count(1)
        self.hired: list[int] = []
        self.calls: dict[int, tuple[str, int, str]] = {}
        self.dead: set[int] = set()
        self.alone: list[str] = []  # what was painted, or tried, by a worker that had nothing else
        self.put_count = 0

    def hire(self) -> int:
        self.hired.append(len(self.hired))
        return self.hired[-1]

    def put(self, data: bytes) -> bytes:
        self.put_count += 1
        return data

    def ready(self, worker: int, marks: bytes) -> int:
        return self._call("ready", worker, "")

    def paint(self, worker: int, header: bytes, blobs: Sequence[bytes]) -> int:
        request, digests = unpack_request(header)
        assert [digest_of(b) for b in blobs] == digests
        name = request.styles[0].name
        if not any(kind == "paint" and w == worker for kind, w, _ in self.calls.values()):
            self.alone.append(name)
        return self._call("paint", worker, name)

    def _call(self, kind: str, worker: int, name: str) -> int:
        number = next(self._numbers)
        self.calls[number] = kind, worker, name
        return number

    def wait(self, refs: Sequence[int], seconds: float) -> list[int]:
        return sorted(refs)[:1]

    def get(self, ref: int) -> Any:
        kind, worker, name = self.calls.pop(ref)
        if name == "kill":
            self.dead.add(worker)
        if worker in self.dead:
            raise Lost("it died")
        if kind == "ready":
            return self._ready
        if name == "wrong":
            return pack_failure(ScumbleError("mask-empty", name="m")), b""
        return pack_result(Result("job", LAYER, 1.5, device="cpu")), PIXELS

    def dismiss(self, worker: int) -> None:
        self.calls = {ref: call for ref, call in self.calls.items() if call[1] != worker}

    def close(self) -> None: ...


def order(style: str, data: bytes = b"abc") -> Order:
    digest = digest_of(data)
    content = PictureRef(digest, PixelFormat(1, 1, 3), 0, 0)
    return Order(Request(styles=(Style(style),), content=content), {digest: data})


def paint(workers: Workers, names: Sequence[str]) -> tuple[dict[int, Painted | ScumbleError], list[str]]:
    remarks: list[str] = []
    hands = Hands(workers, b"", lambda error: remarks.append(error.code))  # type: ignore[arg-type]
    ended: dict[int, Painted | ScumbleError] = {}
    given = 0
    while len(ended) < len(names):
        while given < len(names) and hands.free > 0:
            hands.give(given, order(names[given]))
            given += 1
        assert given - len(ended) <= 4, "no more is under way than two workers take"
        ended.update({told.number: told.what for told in hands.take()})  # type: ignore[misc]
    return ended, remarks


def test_a_picture_that_kills_fails_alone_and_its_neighbours_are_painted() -> None:
    workers = Workers(pack("ready", slots=2))
    ended, remarks = paint(workers, ["a", "kill", "b", "c", "wrong", "d"])
    failed = {n: e.code for n, e in ended.items() if isinstance(e, ScumbleError)}
    assert failed == {1: "picture-lost", 4: "mask-empty"}
    assert all(ended[n].result.seconds == 1.5 for n in (0, 2, 3, 5))  # type: ignore[union-attr]
    assert len(workers.dead) == TRIES == len(remarks) and set(remarks) == {"cluster-worker"}
    assert workers.alone.count("kill") >= TRIES - 1, "it is tried again where it can do no harm"
    assert workers.put_count == 1, "the same data goes to Ray once"


def test_workers_that_are_not_as_this_machine_end_it_with_their_reason() -> None:
    marks = unpack(marks_of(["scream"])).header
    for changed, code in (
        ({"version": "0.0.1"}, "cluster-version"),
        ({"styles": {"scream": "other"}}, "cluster-style"),
    ):
        with pytest.raises(ScumbleError) as found:
            check({**marks, **changed})
        assert found.value.code == code
        workers = Workers(pack_failure(found.value))
        with pytest.raises(ScumbleError) as caught:
            paint(workers, ["a"])
        assert caught.value.code == code and len(workers.hired) == 2
    check(marks)


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    mine = own_folder(tmp_path, "sc").name
    its = mine.replace(f"-{os.getpid()}-", f"-{gone.pid}-")
    for name in (its, f"elsewhere-{its}", "other"):
        (tmp_path / name).mkdir()
    new = own_folder(tmp_path, "sc").name
    assert {p.name for p in tmp_path.iterdir()} == {mine, new, f"elsewhere-{its}", "other"}


def test_a_worker_that_never_gets_ready_is_given_up() -> None:
    workers = Workers(pack_failure(ScumbleError("engine-missing", reason="no torch", command="x")))
    with pytest.raises(ScumbleError) as caught:
        paint(workers, ["a"])
    assert caught.value.code == "engine-missing" and len(workers.hired) == 2 * TRIES
