"""What jobs will cost, learnt from those that ended on this machine: seconds, bytes, how time runs over the steps."""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ...methods.costs import bytes_of, work_of
from ...wire.request.request import Request

VERSION = 1
KEPT = 24  # jobs of a kind that are remembered
ALIKE = 1.2  # two jobs whose work differs by e to the power of this tell little of each other
AGED = 0.9  # what a job counts in comparison to the next of its kind
SECONDS_PER_WORK = {"fast": 0.22e-6, "optimize": 0.85e-6}  # where nothing was learnt: two cores, docs/measurements.md
SLACK = 0.2  # of the time so far that is told as left where a job is late and has not made its first step
PARTS = 10  # of a job's steps, whose times are kept


@dataclass(frozen=True)
class Seen:
    """A job that ended: its work, its seconds, its bytes as a share of those foreseen (0: not known).

    `course` has the share of the time that had passed when each tenth of the steps began.
    """

    work: float
    seconds: float
    memory: float = 0.0
    course: tuple[float, ...] = ()


@dataclass(frozen=True)
class Expected:
    """What a job will take: seconds, bytes, the course of its time; and whether a job of its kind was `learnt` from."""

    seconds: float
    bytes: int
    learnt: bool = False
    course: tuple[float, ...] = ()

    def left(self, part: float, elapsed: float, told: float = -1.0) -> float:
        """Seconds left when `part` of the steps (0 to 1) took `elapsed`; `told` is what the method says.

        Below 0 it says nothing. At first what was learnt counts, and more and more what was seen of this very job.
        """
        if part <= 0 or (told < 0 and not self.course):
            return max(SLACK * elapsed, self.seconds - elapsed)
        if self.course:
            passed = max(1e-3, self._passed(part))
            seen = elapsed / passed
        else:
            seen = elapsed + told
            passed = elapsed / max(seen, 1e-9)
        trust = 1.0 if told >= 0 and not self.learnt else min(1.0, passed / 0.3)
        return max(0.0, (1 - trust) * self.seconds + trust * seen - elapsed)

    def _passed(self, part: float) -> float:
        """The share of the time that has passed when `part` of the steps is done."""
        marks = (*self.course, 1.0)
        at = min(part, 1.0) * PARTS
        low = min(int(at), PARTS - 1)
        return marks[low] + (at - low) * (marks[low + 1] - marks[low])


@dataclass
class Timing:
    """A job's steps as they come: when each tenth of them began, in seconds since its start."""

    marks: list[float] = field(default_factory=list)
    first: float = -1.0  # seconds until the first step, in which things were made ready
    before: float = 0.0  # seconds that it was painted before it was broken off, as far as that was kept
    reached: tuple[float, float] = (0.0, 0.0)  # the newest part that is done, and the seconds since the first step

    def anew(self) -> Timing:
        """For the job's next start: until its first step tells better, it goes on where it was broken off."""
        return Timing(before=self.reached[1], reached=self.reached)

    def note(self, part: float, seconds: float) -> float:
        """`part` of the steps, from 0 to 1, is done `seconds` after this start; with those of the starts before."""
        if part > 0 and self.first < 0:
            done, took = self.reached
            self.first, self.before = seconds, took * min(1.0, part / done) if done > 0 else 0.0
        elapsed = self.before + seconds
        if part > 0:
            self.reached = part, elapsed - self.first  # the next start makes things ready anew
        while len(self.marks) < PARTS and part * PARTS >= len(self.marks):
            self.marks.append(elapsed)
        return elapsed

    def corrected(self, told: float, part: float, seconds: float) -> float:
        """What a method says is left, or where it says nothing (below 0) its steps, without what it made ready first.

        Below 0 where only the first step was seen: divided by steps, the time of preparing looks like slow steps.
        """
        if not seconds > self.first >= 0 or part <= 0:
            return -1.0
        painted = seconds - self.first
        return told * painted / seconds if told >= 0 else (self.before + painted) * (1 - part) / part

    def course(self, seconds: float) -> tuple[float, ...]:
        """As shares of the whole; nothing where steps were too few to tell."""
        whole = len(self.marks) == PARTS and seconds > 0 and len(set(self.marks)) > PARTS // 2
        return tuple(min(1.0, round(m / seconds, 4)) for m in self.marks) if whole else ()


class Costs:
    """Jobs that ended, by their kind; kept in a file, without which it begins anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = _read(path)

    def expect(self, request: Request, device: str) -> Expected:
        """What `request` will take on `device`."""
        work, bytes_ = work_of(request), bytes_of(request)
        seen = self._seen.get(_kind(request, device), [])
        if not seen:
            return Expected(work * SECONDS_PER_WORK.get(request.method, 1e-6) * self._pace(device), bytes_)
        weights = [_alike(s.work, work) * AGED**age + 1e-9 for age, s in enumerate(reversed(seen))][::-1]
        rate = _mean([s.seconds / s.work for s in seen], weights)
        known = [(s.memory, w) for s, w in zip(seen, weights, strict=True) if s.memory]
        if known:
            bytes_ = int(bytes_ * _mean(*map(list, zip(*known, strict=True))))
        told = max(zip(weights, seen, strict=True), key=lambda pair: pair[0] if pair[1].course else 0.0)[1]
        return Expected(work * rate, bytes_, True, told.course)

    def learn(self, request: Request, device: str, seconds: float, peak: int, timing: Timing) -> None:
        """A job ended well that ran alone: `seconds` from its start, `peak` bytes where they could be told, else 0."""
        if not seconds > 0:
            return
        memory = round(peak / bytes_of(request), 4) if peak else 0.0
        seen = self._seen.setdefault(_kind(request, device), [])
        seen.append(Seen(work_of(request), seconds, memory, timing.course(seconds)))
        del seen[:-KEPT]
        with contextlib.suppress(OSError):  # it is learnt again
            self._write()

    def _pace(self, device: str) -> float:
        """How much slower this machine is than the one of `SECONDS_PER_WORK`, by what else ran on the device."""
        rates = [
            seen[-1].seconds / seen[-1].work / SECONDS_PER_WORK[method]
            for (method, where), seen in ((_parts(k), s) for k, s in self._seen.items())
            if where == device and method in SECONDS_PER_WORK
        ]
        return _mean(rates, [1.0] * len(rates)) if rates else 1.0

    def _write(self) -> None:
        plain = {"version": VERSION, "kinds": {k: [asdict(s) for s in seen] for k, seen in self._seen.items()}}
        part = self.path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(plain), "utf-8")
        os.replace(part, self.path)


def _kind(request: Request, device: str) -> str:
    """Jobs of a kind take a time in proportion to their work."""
    own = (request.objective, request.model, request.checkpointing) if request.method == "optimize" else ()
    return "/".join((request.method, device, request.precision, *own))


def _parts(kind: str) -> tuple[str, str]:
    method, device = kind.split("/")[:2]
    return method, device


def _alike(one: float, other: float) -> float:
    return math.exp(-((math.log(one / other) / ALIKE) ** 2))


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """The weighted geometric mean of numbers above 0."""
    whole = sum(weights)
    return math.exp(sum(w * math.log(v) for v, w in zip(values, weights, strict=True)) / whole)


def _read(path: Path) -> dict[str, list[Seen]]:
    """What was kept; what is damaged, or of another version, is left out."""
    try:
        plain = json.loads(path.read_text("utf-8"))
        kinds = plain["kinds"] if plain["version"] == VERSION else {}
        found = {str(k): [_seen(s) for s in seen] for k, seen in kinds.items() if "/" in k}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {k: seen[-KEPT:] for k, seen in found.items() if seen}


def _seen(plain: dict[str, Any]) -> Seen:
    course = tuple(float(c) for c in plain["course"])
    seen = Seen(float(plain["work"]), float(plain["seconds"]), float(plain["memory"]), course)
    if not (seen.work > 0 and seen.seconds > 0 and seen.memory >= 0 and len(course) in (0, PARTS)):
        raise ValueError("not a job that ended")
    return seen
