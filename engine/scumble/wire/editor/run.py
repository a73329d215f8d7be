"""One job as a plug-in sees it, from sending to its pixels."""

from __future__ import annotations

import time
from typing import Callable, Dict, Optional

from ..protocol.errors import ScumbleError
from ..protocol.events import Event, Failed, Fetching, Paused, Preparing, Preview, Progress, Queued, Result, Started
from ..protocol.pixels import PictureRef
from ..request.request import Request

MOST_PART = 0.98  # of a bar, while the job still runs
ENDED = ("done", "failed", "cancelled")


class Run:
    """A job of a `Link`, which alone changes it. `on_change` is called within `tick` after something below changed.

    `state` is “sending”, “queued”, “running”, “fetching”, then “done”, “failed” or “cancelled”; in between it may be
    “paused”, before which it is `pausing` until it has come to where it can be kept. `seconds_left` is below 0 where
    nothing is known; it and `part`, the share of its time that has passed (below 0: not known), go on between two
    events, so that a bar moves from the first second. `times` are `time.perf_counter` at “begun”, “sent”, “started”,
    “computed”, “fetched”; a rest moves “started” on.
    """

    def __init__(self, request: Request, on_change: Callable[[Run], None], on_cancel: Callable[[Run], None]) -> None:
        self.request = request
        self.on_change, self._on_cancel = on_change, on_cancel
        self.job = ""  # the engine's id, once it is sent
        self.state = "sending"
        self.position = self.step = self.of = 0
        self.pausing = False  # it is to rest, and goes on to where it can be kept
        self._paused_at = 0.0
        self.readying = False  # while queued: no job is before it, its worker starts
        self.waits_for = ""  # while queued: as in `Queued`
        self.scale = self.device = self.model = ""
        self.fetching: Optional[Fetching] = None  # what it waits for, before the first step
        self.preparing: Optional[Preparing] = None  # what its worker does until then
        self.seconds_left = self.part = -1.0
        self._left, self._left_at = -1.0, 0.0  # as told last, and when
        self.preview: Optional[Preview] = None  # the newest
        self.result: Optional[Result] = None  # when computed
        self.picture: Optional[PictureRef] = None
        self.pixels = b""  # when done
        self.error: Optional[ScumbleError] = None  # when failed
        self.times: Dict[str, float] = {"begun": time.perf_counter()}

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    @property
    def may_pause(self) -> bool:
        """Whether it could be let rest now."""
        return bool(self.job) and self.state in ("queued", "running") and not self.pausing

    def rest(self) -> None:
        """It rests: that time is none in which it was painted."""
        self.state, self.pausing, self.seconds_left = "paused", False, -1.0
        self._paused_at = self._paused_at or time.perf_counter()  # it may rest anew before it was painted on

    def go_on(self) -> None:
        """It does not rest any more, if it did."""
        self.pausing = False
        if self._paused_at and "started" in self.times:
            self.times["started"] += time.perf_counter() - self._paused_at
        self._paused_at = 0.0

    def told_left(self, seconds: float) -> None:
        """The engine said how long it will go on; below 0 where it does not know."""
        self._left, self._left_at = seconds, time.perf_counter()
        self.keep_time()

    def keep_time(self) -> bool:
        """Bring `seconds_left` and `part` up to now; whether a second or more has passed since they were brought."""
        now = time.perf_counter()
        if self.state != "running" or self._left < 0:
            self.seconds_left = -1.0 if self.state == "running" else self.seconds_left
            return False
        before = self.seconds_left
        self.seconds_left = max(0.0, self._left - (now - self._left_at))
        passed = now - self.times.get("started", now)
        part = passed / max(passed + self.seconds_left, 1e-6)
        self.part = max(self.part, min(part, MOST_PART))  # a bar never goes back, and is not full before the end
        return abs(before - self.seconds_left) >= 1.0

    def cancel(self) -> None:
        """End it: “cancelled” at once, and no pixels come any more. Nothing happens where they came already."""
        self._on_cancel(self)


def sent(run: Run, job: str) -> None:
    """The engine took the request."""
    run.job, run.state = job, "queued"
    run.times["sent"] = time.perf_counter()


def again(run: Run) -> None:
    """It is sent once more."""
    run.state, run.result, run.picture = "sending", None, None
    run.position = run.step = run.of = 0
    run.pausing, run.seconds_left = False, -1.0


def take(run: Run, event: Event) -> None:
    """Something happened to the job."""
    if isinstance(event, (Started, Result, Failed)):  # it may come to its end before it could rest
        run.go_on()
    if isinstance(event, Queued):
        run.state, run.position, run.readying = "queued", event.position, event.readying
        run.waits_for = event.waits_for
    elif isinstance(event, Paused):
        run.rest()
    elif isinstance(event, Started):
        run.state, run.position, run.fetching, run.preparing = "running", 0, None, None
        run.device, run.model = event.device, event.model
        run.times.setdefault("started", time.perf_counter())
        run.told_left(event.seconds_left)
    elif isinstance(event, Fetching):
        run.fetching = event
    elif isinstance(event, Preparing):
        run.fetching, run.preparing = None, event
    elif isinstance(event, Progress):
        run.fetching = run.preparing = None
        run.step, run.of, run.scale = event.step, event.of, event.scale
        run.told_left(event.seconds_left)
    elif isinstance(event, Preview):
        run.preview = event
    elif isinstance(event, Result):
        _computed(run, event)
    elif isinstance(event, Failed):
        fail(run, event.error)


def _computed(run: Run, result: Result) -> None:
    run.state, run.result, run.picture = "fetching", result, result.picture
    run.device, run.model = result.device, result.model
    run.seconds_left = 0.0
    run.times["computed"] = time.perf_counter()
    run.times.setdefault("started", run.times["computed"])  # an answer from the engine's cache was never computed


def finish(run: Run, pixels: bytes) -> None:
    """The picture is here."""
    run.state, run.pixels = "done", pixels
    run.times["fetched"] = time.perf_counter()


def fail(run: Run, error: ScumbleError) -> None:
    """It ended without a picture."""
    run.state = "cancelled" if error.code == "cancelled" else "failed"
    run.error = error


def cancel(run: Run) -> None:
    """The user does not want it any more."""
    run.state, run.pixels = "cancelled", b""
