"""Jobs: what was asked for, how far it is, what came of it; and the table of all of them."""

from __future__ import annotations

import re
import secrets
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ...wire.protocol.errors import ScumbleError
from ...wire.request.request import REQUEST_OPTIONS, Request
from ..limits import (
    ALONE_SECONDS,
    KEPT_JOBS,
    KEPT_SECONDS,
    QUICK_FAST_PIXELS,
    QUICK_PIXELS,
    WAITING_BACKGROUND,
    WAITING_JOBS,
)
from .costs import Expected, Timing

Event = tuple[dict[str, Any], tuple[bytes, ...]]  # header and raw frames
_NAME = re.compile(r"[0-9a-f]{16}")
FINISHED = ("done", "failed", "cancelled")
RUNNING = ("running", "pausing", "cancelling")


@dataclass
class Job:
    """One run of a request. `watchers` are the clients that get its events and keep it alive."""

    request: Request
    result_key: str
    key: str = ""
    outlive: bool = False
    background: bool = False  # every other job goes first
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    state: str = "queued"  # queued, running, pausing, paused, cancelling, done, failed, cancelled
    yielding: bool = False  # told to stop, so that another goes first; it will be begun anew
    left: float = -1.0  # seconds, as last told
    level: int = 0  # of the memory plan
    tries: int = 0
    breaks: int = 0  # how often it went on after its worker died or it was paused
    further: bool = False  # it can be kept, and came further since it last went on
    kills: int = 0  # processes ended for want of memory before it began
    starts: int = 0  # of workers that were to have it and died before they were ready
    position: int = -1  # as last told
    waits_for: str = ""  # as last told: see `Queued`
    submitted: float = field(default_factory=time.time)
    since: float = field(default_factory=time.monotonic)  # submitted, then started, then finished
    short_since: float = 0.0  # no worker could be started for it since then
    seconds: float = 0.0
    expected: Expected = field(default_factory=lambda: Expected(0.0, 0))  # once it is assigned
    timing: Timing = field(default_factory=Timing)
    alone: bool = True  # nothing was computed beside it
    deadline: float = 0.0  # of a cancel that is not obeyed; 0: none
    alone_since: float = 0.0  # no client to watch it since then; 0: it has one, or needs none
    patience: float = ALONE_SECONDS  # with that: the last client's
    watchers: set[bytes] = field(default_factory=set)
    pieces: list[bytes] = field(default_factory=list)  # of a result that found no place on the disk
    last: dict[str, Event] = field(default_factory=dict)  # the newest event of each type

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.state in FINISHED

    @property
    def quick(self) -> bool:
        """Whether it is done in a moment wherever it runs, as a dialog's preview is: it may run beside a longer one."""
        request = self.request
        form = request.content.format if request.content else None
        fast = request.method in REQUEST_OPTIONS["method"].quick and not self.background  # that one gives way
        most = QUICK_FAST_PIXELS if fast else QUICK_PIXELS
        small = form is not None and form.width * form.height <= most
        return small and request.device in ("auto", "cpu") and request.quick

    @property
    def name(self) -> str:
        """What a person would call it: the styles."""
        return " + ".join(s.name or "picture" for s in self.request.styles)[:200]

    def seconds_left(self, step: int, of: int, told: dict[str, Any]) -> float:
        """How long it will go on, by what was learnt and by what its method told of this step; counts the step."""
        seconds = time.monotonic() - self.since
        part = min(1.0, step / of) if of > 0 else 0.0
        elapsed = self.timing.note(part, seconds)
        left = self.timing.corrected(float(told.get("seconds_left", -1.0)), part, seconds)
        self.left = self.expected.left(part, elapsed, left)
        return self.left

    def pinned(self) -> Iterator[str]:
        """Digests that must stay in the store: the inputs until the end, then the result."""
        if self.state == "done":
            yield self.last["result"][0]["picture"]["digest"]
        elif not self.finished:
            yield from (r.digest for r in self.request.pictures())

    def to_plain(self) -> dict[str, Any]:
        """The line of the list of jobs."""
        progress = self.last["progress"][0] if "progress" in self.last else {}
        running = time.monotonic() - self.since if self.state in RUNNING else self.seconds
        return {
            "job": self.id,
            "state": self.state,
            "name": self.name,
            "step": progress.get("step", 0),
            "of": progress.get("of", 0),
            "submitted": self.submitted,
            "seconds": running,
        }


class Jobs:
    """All jobs, by id, and the queue of those that wait."""

    def __init__(self) -> None:
        self.waiting: deque[Job] = deque()
        self._jobs: dict[str, Job] = {}  # in the order they came
        self._by_key: dict[str, Job] = {}

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs.values())

    def get(self, job_id: object) -> Job:
        """Raises `job-unknown`."""
        job = self._jobs.get(job_id) if isinstance(job_id, str) else None
        if job is None:
            raise ScumbleError("job-unknown", job=str(job_id)[:40])
        return job

    def by_key(self, key: str) -> Job | None:
        """The job that was submitted with `key`, unless it failed: then the same key starts it anew."""
        job = self._by_key.get(key) if key else None
        return None if job is None or job.state in ("failed", "cancelling", "cancelled") else job

    def rename(self, job: Job, name: str) -> None:
        """Give a new job the `name` it had in an engine that ended, or before it failed, unless another has it now."""
        known = self._jobs.get(name)
        if known is not None and known.state == "failed":
            self.forget(known)
            known = None
        if known is None and _NAME.fullmatch(name):
            job.id = name

    def check_room(self, background: bool = False) -> None:
        """Raises `job-limit` when too many wait already."""
        if len(self.waiting) >= (WAITING_BACKGROUND if background else WAITING_JOBS):
            raise ScumbleError("job-limit", count=len(self.waiting))

    def enqueue(self, job: Job, again: bool = False) -> None:
        """Have a job wait behind those of its rank, or `again` in front of them; what is in the background is last."""
        ranks = [j.background for j in self.waiting]
        place = ranks.index(True) if True in ranks else len(ranks)  # of the first one in the background
        if job.background:
            self.waiting.insert(place if again else len(ranks), job)
        else:
            self.waiting.insert(0 if again else place, job)

    def add(self, job: Job) -> None:
        """Take in a new job; it does not wait yet."""
        self._jobs[job.id] = job
        if job.key:
            self._by_key[job.key] = job
        finished = [j for j in self if j.finished]
        for old in finished[: max(0, len(finished) - KEPT_JOBS)]:
            self.forget(old)

    def forget(self, job: Job) -> None:
        """Drop a finished job."""
        del self._jobs[job.id]
        if self._by_key.get(job.key) is job:
            del self._by_key[job.key]

    def expire(self, now: float) -> None:
        """Drop what finished more than an hour ago."""
        for job in [j for j in self if j.finished and now - j.since > KEPT_SECONDS]:
            self.forget(job)

    def pinned(self) -> set[str]:
        """Digests that some job needs."""
        return {digest for job in self for digest in job.pinned()}

    def unfinished(self) -> list[Job]:
        """Jobs that wait or run."""
        return [j for j in self if not j.finished]

    def counts(self) -> dict[str, int]:
        """How many wait, run and are done."""
        states = [j.state for j in self]
        ended, running = (sum(s in some for s in states) for some in (FINISHED, RUNNING))
        return {n: states.count(n) for n in ("queued", "paused")} | {"running": running, "done": ended}
