"""Mutated requests, thousands of them, submitted to a real engine: each is answered once, and each job ends.

    python -m benchmarks.harm.requests [--count 2000] [--seed 1]

In a right request, of either method, some values are replaced, left out or added, and some bits of the message flipped.
What the engine takes all the same is painted, and cancelled where it takes more than a few seconds. The exit code is 1
where an answer or an end is missing, where one is an error of the engine's own, where a worker died, or where the front
or a worker took more than a gigabyte.
"""

from __future__ import annotations

import argparse
import copy
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import psutil

from scumble.wire import Client, PictureRef, PixelFormat, Request, Style, digest_of, read_connection
from scumble.wire.protocol.messages import PROTOCOL, decode
from scumble.wire.transport.base import Transport
from scumble.wire.transport.connect import connect

from .soak import use_folder

SIZE = (48, 40)
AT_ONCE, PATIENCE, GIVEN_UP = 4, 4.0, 90.0  # jobs; seconds until a job is cancelled, and until it counts as lost
MOST_BYTES = 1 << 30
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 7, 64, 255, 1000, 2**15, 2**31 - 1, 2**31, 2**63, -(2**63), 2**64 - 1),
    *(0.0, 1e-9, 0.3, 1.0, 1.5, 40.0, 1e308, -0.5, float("inf"), float("nan")),
    *("", "x", "scream", "fast", "optimize", "gram", "vgg16", "cpu", "cuda:7", "../../etc", "\\0", "🖌" * 50),
    *([], {}, [[]], [0.5, 0.5], {"": None}, [None] * 100, b"", b"raw"),
)
FAULTS = ("internal", "worker-died", "message-large")


def mutate(rng: random.Random, plain: Any) -> None:
    """Change one place somewhere in it."""
    while True:
        keys = list(plain) if isinstance(plain, dict) else list(range(len(plain)))
        if not keys:
            return
        key = rng.choice(keys)
        if isinstance(plain[key], (dict, list)) and plain[key] and rng.random() < 0.7:
            plain = plain[key]
            continue
        how = rng.random()
        if how < 0.1:
            del plain[key]
        elif how < 0.2 and isinstance(plain, list):
            plain.append(copy.deepcopy(plain[key]))
        elif how < 0.5 and isinstance(plain[key], (int, float)) and not isinstance(plain[key], bool):
            number = plain[key] * rng.choice((-1, 0.5, 2, 10, 1000)) + rng.choice((-1, 0, 1))
            plain[key] = max(-(2**63), min(number, 2**63)) if isinstance(number, int) else number
        else:
            plain[key] = copy.deepcopy(rng.choice(ODD))
        return


class Attack:
    """One run, with its account."""

    def __init__(self, transport: Transport, pid: int, rng: random.Random, rights: list[dict[str, Any]]) -> None:
        self.transport, self.front, self.rng, self.rights = transport, psutil.Process(pid), rng, rights
        self.asked: set[int] = set()
        self.jobs: dict[str, float] = {}  # since when
        self.cancelled: set[str] = set()
        self.ends: Counter[str] = Counter()
        self.faults: list[str] = []
        self.peak, self.number = 0, 10

    def send(self) -> None:
        """One more."""
        self.number += 1
        plain = copy.deepcopy(self.rng.choice(self.rights))
        for _ in range(self.rng.choice((1, 1, 2, 4))):
            mutate(self.rng, plain)
        frame = bytearray(msgpack.packb({"type": "submit", "id": self.number, "request": plain}))
        if self.rng.random() < 0.1:
            at = self.rng.randrange(40, len(frame))  # behind the number, by which it is answered
            frame[at] ^= 1 << self.rng.randrange(8)
            self.transport.send([bytes(frame)])  # and whether it is answered nobody can say
        else:
            self.asked.add(self.number)
            self.transport.send([bytes(frame)])

    def take(self, seconds: float) -> None:
        """What has come, and what is overdue."""
        if self.transport.poll(seconds):
            while (frames := self.transport.receive()) is not None:
                self._take(decode(frames).header)
        now = time.monotonic()
        for job, since in list(self.jobs.items()):
            if now - since > PATIENCE and job not in self.cancelled:
                self.cancelled.add(job)
                self.number += 1
                self.transport.send([msgpack.packb({"type": "cancel", "id": self.number, "job": job})])
            if now - since > GIVEN_UP:
                self.faults.append(f"{job} has not ended")
                del self.jobs[job]
        for process in [self.front, *self.front.children()]:
            self.peak = max(self.peak, process.memory_info().rss)

    def _take(self, header: dict[str, Any]) -> None:
        number, error = header.get("re"), header.get("error") or {}
        if number is not None:
            self.asked.discard(number)
            if "job" in header and header["type"] == "ok":
                self.jobs.setdefault(header["job"], time.monotonic())
        elif header["type"] in ("result", "failed"):
            self.jobs.pop(header["job"], None)
        code = error.get("code") or (header["type"] if header["type"] == "result" else "")
        if code:
            self.ends[code] += 1
        if code in FAULTS or "Traceback" in str(error):
            self.faults.append(str(error)[:400])


def rights() -> tuple[list[dict[str, Any]], bytes]:
    """Right requests of both methods, and the data that they name."""
    data = np.random.default_rng(1).integers(0, 256, (SIZE[1], SIZE[0], 4), np.uint8).tobytes()
    picture = PictureRef(digest_of(data), PixelFormat(*SIZE, 4))
    mask = PictureRef(digest_of(data), PixelFormat(SIZE[0] * 4, SIZE[1], 1))
    named, pictured = Style("scream", weight=0.6), Style(picture=picture, weight=0.4)
    found = []
    for styles, more in (
        ((named,), {"method": "fast"}),
        ((named, pictured), {"method": "fast", "selection": mask}),
        ((named,), {"iterations": 1, "min_size": 64}),
        ((pictured,), {"iterations": 1, "min_size": 64, "objective": "gram"}),
    ):
        request = Request(styles=styles, content=picture, canvas=SIZE, **more)
        found.append(request.honoured().to_plain())
    return found, data


def run(args: argparse.Namespace) -> int:
    """Attack, and tell; the exit code."""
    requests, data = rights()
    with Client.connect_or_start("mutants", seconds=120) as owner:
        owner.put(data)
        connection = read_connection()
        assert connection is not None
        transport = connect(connection)
        hello = {"type": "hello", "id": 1, "protocol": PROTOCOL, "client": "mutants", "version": "", "patience": 60.0}
        transport.send([msgpack.packb(hello)])
        attack = Attack(transport, owner.info["pid"], random.Random(args.seed), requests)
        begun = time.monotonic()
        for _ in range(args.count):
            attack.send()
            attack.take(0.0)
            while len(attack.jobs) >= AT_ONCE:
                attack.take(0.1)
        end = time.monotonic() + 2 * GIVEN_UP
        while (attack.jobs or attack.asked) and time.monotonic() < end:
            attack.take(0.1)
        attack.faults += [f"{len(attack.asked)} were not answered"] if attack.asked else []
        if owner.status()["pid"] != owner.info["pid"]:
            attack.faults.append("the engine died")
        transport.close()
        owner.shutdown(now=True)
    seconds = time.monotonic() - begun
    print(f"seed {args.seed}: {args.count} requests in {seconds:.0f} s, {dict(attack.ends.most_common())}")
    print(f"the most that a process took: {attack.peak / 1e6:.0f} MB")
    print("\n".join(["faults: none"] if not attack.faults else ["FAULTS:", *attack.faults[:40]]))
    return 1 if attack.faults or attack.peak > MOST_BYTES else 0


def main() -> None:
    """Parse the arguments and attack."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--count", type=int, default=2000)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    with tempfile.TemporaryDirectory(prefix="scumble-mutants-", ignore_cleanup_errors=True) as name:
        use_folder(Path(name))
        sys.exit(run(args))


if __name__ == "__main__":
    main()
