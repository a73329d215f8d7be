"""Front and workers are killed at random moments while a client works: each job ends well or says why; nothing is left.

`SCUMBLE_POWER_CUTS` says how often; the usual few fit a test run.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scumble.server.front.lock import EngineLock
from scumble.wire import Client, Failed, Progress, Result, ScumbleError, digest_of, read_connection
from scumble.wire.engine.launch import engine_command, start_engine
from scumble.wire.engine.processes import is_alive

from ...wire.ticking import use_folders
from ..running import ask, wait_for_end, wait_until

CUTS = int(os.environ.get("SCUMBLE_POWER_CUTS", "8"))
MOST_IN_VAIN = 5  # jobs in a row, on a machine too busy to finish one between two cuts: then it has time for one
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
        self.resting = False
        self.worked = threading.Event()  # a job was done: what is asked of the others is that they end well or say why
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def _run(self) -> None:
        while self.cut.total() < CUTS:
            time.sleep(self.random.uniform(0.0, 1.5))
            if self.resting:
                continue
            if self.cut.total() == CUTS // 2:
                self.worked.wait()
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
    cutter, client, vain = Cutter(home, seed), None, 0
    while not cutter.done:
        cutter.resting = vain >= MOST_IN_VAIN
        begun = time.monotonic()
        try:
            client = client or Client.connect_or_start("test", prefer=prefer)
        except ScumbleError as e:
            assert e.code in CLEAR, e
            ends[e.code] += 1
            vain += 1
            continue
        how = work(client, rng)
        ends[how] += 1
        vain = 0 if how == "done" else vain + 1
        if how == "done":
            cutter.worked.set()
        longest = max(longest, time.monotonic() - begun)
        if not client.connected:
            client.close()
            client = None
    print(f"cut: {dict(cutter.cut)}; ends: {dict(ends)}; the longest job took {longest:.1f} s", file=sys.stderr)
    assert ends["done"] > 0 and longest < 50
    if client is not None:
        client.close()
    nothing_is_left(home, prefer)


def nothing_is_left(home: Path, prefer: str = "pure") -> None:
    """The next engine works, and after it there is no process, no file, no lock and no damaged picture."""
    with Client.connect_or_start("test", prefer=prefer) as last:
        assert work(last, random.Random(0)) == "done", "and the next works"
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


def cut(home: Path, after: float) -> None:
    """Kill the front a moment from now, wherever it is then; its workers go by themselves."""
    time.sleep(after)
    for pid, kind in processes(home).items():
        if kind == "front":
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not processes(home), what="the end of a killed engine's workers")


def test_cuts_while_it_starts(home: Path) -> None:
    rng = random.Random()
    for _ in range(CUTS):
        started = start_engine(engine_command())
        cut(home, rng.uniform(0.0, 0.7))
        started.process.wait()
        assert read_connection() is None
    nothing_is_left(home)


@pytest.mark.parametrize("how", ["shutdown", "retire", "SIGTERM"])
def test_cuts_while_it_ends(home: Path, how: str) -> None:
    rng = random.Random()
    for _ in range(max(2, CUTS // 3)):
        client = Client.connect_or_start("test")
        a = ask(steps=rng.randint(1, 8), size=(300, 200))
        job = client.submit(a.request, a.blobs)
        if how == "SIGTERM":
            os.kill(client.info["pid"], signal.SIGTERM)
        elif how == "shutdown":
            client.ask("shutdown", now=False)
        else:
            wait_for_end(client, job)
            client.forget(job)
            assert client.ask("retire", version="99.0")["retiring"]
        cut(home, rng.uniform(0.0, 0.4))
        client.close()
        assert read_connection() is None
    nothing_is_left(home)


def test_pictures_that_a_power_cut_damaged_are_sent_again(home: Path) -> None:
    """The disk kept the names of the files and lost what was in them, and half a file that nobody goes on with."""
    a = ask(size=(300, 200))
    with Client.connect_or_start("test") as client:
        _, before, _ = client.run(a.request, a.blobs)
        client.shutdown()
    wait_until(lambda: not processes(home), what="its end")
    for n, path in enumerate(sorted((home / "cache/blobs").glob("*/*"))):
        path.write_bytes((b"", path.read_bytes()[: path.stat().st_size // 2])[n % 2])
    (home / "cache/partial" / f"{'0' * 64}.4194304").write_bytes(b"half")
    with Client.connect_or_start("test") as client:
        _, after, result = client.run(a.request, a.blobs)
        assert bytes(after) == bytes(before) and not result.cached
        client.shutdown()
    wait_until(lambda: not processes(home), what="its end")
    nothing_is_left(home)


@pytest.mark.parametrize("prefer", ["pure", "pyzmq"])
def test_a_front_that_dies_in_mid_job_is_followed_by_another_that_does_it(home: Path, prefer: str) -> None:
    """From what the client has still, though the cache went with it; a job that was cancelled is not begun anew."""
    a, unwanted = ask(steps=40, size=(300, 200)), ask(steps=500)
    with Client.connect_or_start("test", prefer=prefer) as client:
        job, other = client.submit(a.request, a.blobs), client.submit(unwanted.request, unwanted.blobs)
        wait_until(lambda: any(isinstance(e, Progress) for e in client.poll(0.1)), 40)
        front = client.info["pid"]
        os.kill(front, signal.SIGSTOP)
        client.channel.begin(lambda s: s.ask("cancel", job=other))
        client.channel.give_up(other)
        os.kill(front, signal.SIGKILL)
        wait_until(lambda: not processes(home), what="its end")
        shutil.rmtree(home / "cache")
        ends: dict[str, Result | Failed] = {}
        wait_until(
            lambda: (
                ends.update({e.job: e for e in client.poll(0.1) if isinstance(e, (Result, Failed))}) or len(ends) > 1
            ),
            50,
        )
        end, gone = ends[job], ends[other]
        assert isinstance(gone, Failed) and gone.error.code == "cancelled"
        assert isinstance(end, Result) and client.info["pid"] != front
        layer = np.frombuffer(client.get(end.picture.digest), np.uint8).reshape(200, 300, 4)
        assert (layer[..., :3] == 255 - a.pixels).all()
        client.shutdown()
