"""Front and workers are killed at random moments while a client works: each job ends well or says why; nothing is left.

`SCUMBLE_POWER_CUTS` says how often; the usual few fit a test run.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scumble.server.lock import EngineLock
from scumble.wire import Client, ScumbleError, digest_of, read_connection
from scumble.wire.processes import is_alive

from ..wire.ticking import use_folders
from .running import ask, wait_until

CUTS = int(os.environ.get("SCUMBLE_POWER_CUTS", "8"))
CLEAR = {"engine-lost", "engine-missing", "engine-stopping", "worker-died", "job-unknown", "blob-missing"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(60 + 10 * max(0, CUTS - 10)),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes by /proc"),
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    use_folders(tmp_path, monkeypatch)
    yield tmp_path
    for pid in processes(tmp_path):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def processes(home: Path) -> dict[int, str]:
    """The engine's processes that live, “front” or “worker”."""
    mark, found = f"SCUMBLE_RUNTIME={home / 'runtime'}".encode(), {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            ours = mark in (entry / "environ").read_bytes().split(b"\0")
            if ours and words[1:2] == [b"-m"] and is_alive(int(entry.name)):
                found[int(entry.name)] = {b"scumble.server": "front", b"scumble.server.worker": "worker"}[words[2]]
    return found


class Cutter:
    """Kills one of the engine's processes after the other, at random moments, in a thread of its own."""

    def __init__(self, home: Path, seed: int) -> None:
        self.home, self.random = home, random.Random(seed)
        self.cut: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def _run(self) -> None:
        while self.cut.total() < CUTS:
            time.sleep(self.random.uniform(0.0, 1.5))
            kind = self.random.choice(["front", "worker"])
            victims = [pid for pid, k in processes(self.home).items() if k == kind]
            for pid in victims[:1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self.cut[kind] += 1


def work(client: Client, rng: random.Random) -> str:
    """One job from its beginning to its pixels; how it ended. Sizes that take many writes, and few."""
    size = rng.choice([(12, 8), (300, 200), (900, 700)])
    a = ask(steps=rng.randint(1, 12), size=size)
    try:
        picture, data, _ = client.run(a.request, a.blobs)
    except ScumbleError as e:
        assert e.code in CLEAR, e
        assert e.sentence and e.remedy and "{" not in str(e) and "Traceback" not in str(e)
        return e.code
    layer = np.frombuffer(data, np.uint8).reshape(size[1], size[0], 4)
    assert (layer[..., :3] == 255 - a.pixels).all() and (picture.x, picture.y) == (5, 7)
    return "done"


@pytest.mark.parametrize("prefer", ["pure", "pyzmq"])
def test_every_job_ends_and_nothing_is_left(home: Path, prefer: str) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}", file=sys.stderr)
    rng, ends, longest = random.Random(seed), Counter[str](), 0.0
    cutter, client = Cutter(home, seed), None
    while not cutter.done:
        begun = time.monotonic()
        try:
            client = client or Client.connect_or_start("test", prefer=prefer)
        except ScumbleError as e:
            assert e.code in CLEAR, e
            ends[e.code] += 1
            continue
        ends[work(client, rng)] += 1
        longest = max(longest, time.monotonic() - begun)
        if not client.connected:
            client.close()
            client = None
    print(f"cut: {dict(cutter.cut)}; ends: {dict(ends)}; the longest job took {longest:.1f} s", file=sys.stderr)
    assert ends["done"] > 0 and longest < 50
    if client is not None:
        client.close()
    with Client.connect_or_start("test", prefer=prefer) as last:
        assert work(last, rng) == "done", "and the next works"
        last.shutdown()
    wait_until(lambda: not processes(home), what="the end of all processes")
    assert read_connection() is None
    assert [p.name for p in (home / "runtime").iterdir()] == ["engine.lock"]
    lock = EngineLock(home / "runtime")
    lock.acquire()
    lock.release()
    assert list((home / "cache/partial").iterdir()) == []
    stored = list((home / "cache/blobs").glob("*/*"))
    assert stored and all(digest_of(path.read_bytes()) == path.name for path in stored)
