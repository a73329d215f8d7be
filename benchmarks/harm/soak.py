"""Many small jobs while all goes wrong that can: each ends exactly once, in a right picture or a true sentence.

    python -m benchmarks.harm.soak [--jobs 2000] [--seconds 600] [--seed 1]

The engine is real, with its own methods, in a folder of its own; for root on Linux its cache is a small tmpfs, which is
filled up now and then. Jobs are cancelled at random; workers and the front are killed, the front runs out of files,
pictures in the cache are damaged or removed, and clients ask much and read nothing. It prints what was done, how jobs
ended, and what is left over; its exit code is 1 where a job ended twice, never, wrongly, or with another sentence.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from scumble.wire import Client, Failed, PictureRef, PixelFormat, Request, Result, ScumbleError, Style, digest_of

from .harms import Harms

SIZE = (64, 48)
CANVAS = (1024, 768)  # of which that is a part: by itself it would be painted enlarged, and take five times as long
STYLES = ("scream", "starry-night", "great-wave")
AT_ONCE = 6  # jobs
AGAIN = 0.3  # of the jobs ask for what was asked before: the cache of results answers, and its answer is compared
CANCELLED = 0.1
LONGEST = 120.0  # seconds: a job that has not ended by then never does
NEAR = 0.5  # levels: how far a picture may be from the same, painted again
# What may be said of a job that was not cancelled: its workers were killed twice, or there was no room or no engine.
TRUE = {"worker-died", "disk-full", "files-unusable", "file-write", "engine-lost", "engine-silent", "engine-missing"}


@dataclass
class Asked:
    """A job under way."""

    request: Request
    data: bytes
    number: int  # of its content
    begun: float
    cancelled: bool = False
    again: int = 0  # times that its picture was gone before it was fetched


@dataclass
class Soak:
    """One run, with its account."""

    rng: random.Random
    client: Client
    asked: dict[str, Asked] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    pictures: dict[tuple[int, bool], NDArray[np.uint8]] = field(default_factory=dict)
    begun: int = 0
    slowest: float = 0.0

    def begin(self) -> None:
        """Send one more job."""
        old = bool(self.pictures) and self.rng.random() < AGAIN
        number = self.rng.choice(list(self.pictures))[0] if old else self.begun
        data = np.random.default_rng(number).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8).tobytes()
        content = PictureRef(digest_of(data), PixelFormat(*SIZE, 3))
        style = Style(STYLES[number % len(STYLES)])
        request = Request(method="fast", styles=(style,), content=content, canvas=CANVAS).honoured()
        self.begun += 1
        self._send(Asked(request, data, number, time.monotonic()))

    def _send(self, asked: Asked) -> None:
        assert asked.request.content is not None
        try:
            job = self.client.submit(asked.request, {asked.request.content.digest: asked.data})
        except ScumbleError as e:
            return self._failed("", asked, e)
        self.asked[job] = asked
        if self.rng.random() < CANCELLED:
            asked.cancelled = True
            self._quietly(lambda: self.client.cancel(job))

    def follow(self, seconds: float) -> None:
        """Take what happens to jobs meanwhile."""
        try:
            events = self.client.poll(seconds)
        except ScumbleError as e:
            for job, asked in list(self.asked.items()):
                self._failed(job, asked, e)
            return self._connect()
        for event in events:
            if not isinstance(event, (Result, Failed)):
                continue
            if event.job in self.ended:
                self.faults.append(f"{event.job} ended twice")
            ours = self.asked.get(event.job)
            if ours is None:
                continue
            if isinstance(event, Failed):
                self._failed(event.job, ours, event.error)
            else:
                self._done(event, ours)
        for job, asked in list(self.asked.items()):
            if time.monotonic() - asked.begun > LONGEST:
                self.faults.append(f"{job} has not ended")
                self._end(job, asked, "never")

    def _done(self, result: Result, asked: Asked) -> None:
        try:
            data = self.client.get(result.picture.digest)
        except ScumbleError as e:
            self._end(result.job, asked, "")
            if e.code in ("blob-missing", "blob-digest") and asked.again < 3:
                asked.again += 1
                self.ends["painted again"] += 1
                return self._send(asked)
            return self._failed("", asked, e)
        layer = np.frombuffer(data, np.uint8).reshape(SIZE[1], SIZE[0], 4)
        first = self.pictures.setdefault((asked.number, bool(result.notes)), layer)  # a note: painted smaller
        if float(np.abs(first.astype(float) - layer).mean()) > NEAR or not (layer[..., 3] == 255).all():
            self.faults.append(f"{result.job} is another picture than before")
        self._end(result.job, asked, "cached" if result.cached else "painted")
        self._quietly(lambda: self.client.forget(result.job))

    def _failed(self, job: str, asked: Asked, error: ScumbleError) -> None:
        true = error.code in TRUE or (error.code == "cancelled" and asked.cancelled)
        if not true or "Traceback" in str(error) or "{" in error.sentence:
            self.faults.append(f"{job}: {error}")
        self._end(job, asked, error.code)
        if error.code == "disk-full":
            time.sleep(0.1)  # as a user would wait, or all jobs would be spent on it

    def _end(self, job: str, asked: Asked, how: str) -> None:
        self.asked.pop(job, None)
        if job:
            self.ended.add(job)
        if how:
            self.ends[how] += 1
            self.slowest = max(self.slowest, time.monotonic() - asked.begun)

    def _connect(self) -> None:
        self.client.close()
        self.client = connect()

    def _quietly(self, call: Any) -> None:
        """What is said of a job whose end counts anyway."""
        try:
            call()
        except ScumbleError as e:
            if e.code not in (*TRUE, "job-unknown"):
                self.faults.append(str(e))


def connect() -> Client:
    """The engine, however often it takes."""
    for left in reversed(range(5)):
        try:
            return Client.connect_or_start("soak", seconds=60)
        except ScumbleError:
            if not left:
                raise
    raise AssertionError("unreachable")


def use_folder(folder: Path) -> None:
    """An engine of its own there."""
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        os.environ[f"SCUMBLE_{name}"] = str(folder / name.lower())
    words = [sys.executable, "-m", "scumble.server", "--device", "cpu"]
    os.environ |= {"SCUMBLE_ENGINE": json.dumps(words), "SCUMBLE_KEEP_ENV": "1"}


def left_over(folder: Path, pid: int) -> dict[str, int]:
    """What a front holds: memory, files, threads, and temporary files of its cache."""
    front = psutil.Process(pid)
    partial = len(list((folder / "cache" / "partial").glob("*")))
    megabytes = front.memory_info().rss >> 20
    return {"MiB": megabytes, "files": front.num_fds(), "threads": front.num_threads(), "temporary files": partial}


def run(args: argparse.Namespace, folder: Path) -> int:
    """Soak, and tell; the exit code."""
    rng, end = random.Random(args.seed), time.monotonic() + args.seconds
    soak = Soak(rng, connect())
    harms = Harms(random.Random(args.seed + 1), folder)
    while soak.begun < args.jobs and time.monotonic() < end:
        while len(soak.asked) < AT_ONCE:
            soak.begin()
        harms.maybe(soak.client, len(soak.ended))
        soak.follow(0.05)
    harms.rest()
    while soak.asked:
        soak.follow(0.2)
    calm = left_over(folder, soak.client.info["pid"])
    for _ in range(30):  # and all is well afterwards
        soak.begin()
        while soak.asked:
            soak.follow(0.2)
    print(f"seed {args.seed}: {soak.begun} jobs in {args.seconds - (end - time.monotonic()):.0f} s")
    print(f"done to it: {dict(harms.done)}")
    print(f"ends: {dict(soak.ends)}; the slowest took {soak.slowest:.1f} s")
    print(f"left over when calm: {calm}; 30 jobs later: {left_over(folder, soak.client.info['pid'])}")
    print("\n".join(["faults: none"] if not soak.faults else ["FAULTS:", *soak.faults[:20]]))
    soak.client.shutdown(now=True)
    return 1 if soak.faults else 0


def main() -> None:
    """Parse the arguments and soak."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--jobs", type=int, default=2000)
    p.add_argument("--seconds", type=float, default=600)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    with tempfile.TemporaryDirectory(prefix="scumble-soak-", ignore_cleanup_errors=True) as name:
        use_folder(Path(name))
        from .harms import small_disk

        with small_disk(Path(name) / "cache"):
            sys.exit(run(args, Path(name)))


if __name__ == "__main__":
    main()
