"""Jobs as the user sees them: what was asked for, where, and how far it is."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional

from ...protocol.errors import ScumbleError
from ...protocol.events import Preview
from ...request.recipe import Recipe

KEPT_FAILURES = 3  # failed jobs that stay in sight, the one to come included


class Job:
    """A run over a layer. It is told of in plain values; `JobList` and `Delivery` alone change it.

    `state` is the run's (“sending”, “queued”, “running”, “paused”, “fetching”, “done”, “failed”, “cancelled”), and
    “adding” while its layer is being made. `times` are those of the run, and “asked”, “read”, “added”
    (`time.perf_counter`).
    """

    def __init__(self, title: str, recipe: Recipe, source: Any, instead: Any = None) -> None:
        self.title = title
        self.recipe = recipe
        self.source = source  # the editor's, without pixels: where the layer goes
        self.instead = instead  # the layer that its result is to replace; None for none
        self.run: Any = None  # a `Run`
        self.error = ""  # a sentence and its remedy, when it failed
        self.layer_name = ""  # when it is done
        self._own_state = ""
        self._times: Dict[str, float] = {}

    @property
    def state(self) -> str:
        """Where it is. A run that is done has no layer yet."""
        state = self._own_state or (self.run.state if self.run is not None else "sending")
        return state if self._own_state or state != "done" else "adding"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def taken(self) -> bool:
        """Whether it was taken over from the run."""
        return bool(self._own_state)

    @property
    def step(self) -> int:
        """Steps done, of `of`."""
        return self.run.step if self.run is not None else 0

    @property
    def of(self) -> int:
        """Steps in all; 0 where that is not known yet."""
        return self.run.of if self.run is not None else 0

    @property
    def frames(self) -> int:
        """How many pictures it has; 0 where it is no job over frames."""
        return int(getattr(self.run, "frames", 0))

    @property
    def frame(self) -> int:
        """Which of them is painted, from 1."""
        return int(getattr(self.run, "frame", 0))

    @property
    def broken(self) -> Any:
        """The error that ended it at `frame`, where a layer comes of the frames before; else None."""
        return getattr(self.run, "broken", None)

    @property
    def scale(self) -> str:
        """The size that is painted just now, such as “512”; empty where there is but one."""
        return self.run.scale if self.run is not None else ""

    @property
    def fetching(self) -> Any:
        """What the engine downloads for it just now; None where it downloads nothing."""
        return self.run.fetching if self.run is not None else None

    @property
    def position(self) -> int:
        """How many jobs are before it."""
        return self.run.position if self.run is not None else 0

    @property
    def seconds_left(self) -> float:
        """An estimate; below 0 where there is none."""
        return self.run.seconds_left if self.run is not None else -1.0

    @property
    def part(self) -> float:
        """The share of its time that has passed; below 0 where that is not known."""
        return self.run.part if self.run is not None else -1.0

    @property
    def readying(self) -> bool:
        """Whether it waits for a worker that starts, and for no other job."""
        return self.run is not None and self.run.readying

    @property
    def waits_for(self) -> str:
        """What it waits for while it is queued, as the engine says: see `wire.protocol.events.Queued`."""
        return self.run.waits_for if self.run is not None else ""

    @property
    def pausing(self) -> bool:
        """Whether it is to rest, and goes on to where it can be kept."""
        return self.run is not None and self.run.pausing

    @property
    def may_pause(self) -> bool:
        """Whether it could be let rest now."""
        return self.run is not None and not self.taken and self.run.may_pause

    @property
    def preparing(self) -> Any:
        """What its worker does before the first step; None where nothing was told, or it paints."""
        return self.run.preparing if self.run is not None else None

    @property
    def device(self) -> str:
        """Where it is computed; empty before it started."""
        return self.run.device if self.run is not None else ""

    @property
    def preview(self) -> Optional[Preview]:
        """The newest picture on the way; None before the first."""
        return self.run.preview if self.run is not None else None

    @property
    def notes(self) -> List[Any]:
        """What the user should know of a run although it went well: `wire.protocol.notes.Note`."""
        if hasattr(self.run, "notes"):  # of several pictures
            return list(self.run.notes)
        result = self.run.result if self.run is not None else None
        return list(result.notes) if result is not None else []

    @property
    def times(self) -> Dict[str, float]:
        """When what was reached, on `time.perf_counter`."""
        return {**(self.run.times if self.run is not None else {}), **self._times}

    def mark(self, name: str, when: float) -> None:
        """Note when something was reached."""
        self._times[name] = when

    def move_to(self, state: str) -> None:
        """Leave the run behind: its pixels are here, and the rest is ours."""
        self._own_state = state

    def let_go(self) -> None:
        """Forget the pixels, which are a layer by now, or in the history."""
        if self.run is not None:
            self.run.pixels = b""

    def fail(self, error: BaseException, words: str) -> None:
        """End it; `words` tell a person why."""
        self.error = words
        cancelled = isinstance(error, ScumbleError) and error.code == "cancelled"
        self._own_state = "cancelled" if cancelled else "failed"


class JobList:
    """The jobs that a user sees: those that have not ended, and the last that failed."""

    def __init__(
        self,
        bring: Callable[[Job], None],
        fail: Callable[[Job, BaseException], None],
        titles: Callable[[], Mapping[str, str]],
        changed: Callable[[], None],
    ) -> None:
        """`bring` takes a job whose picture is here, `fail` one that ended without; `titles` are the library's."""
        self.jobs: List[Job] = []
        self._bring, self._fail, self._titles, self._changed = bring, fail, titles, changed

    def add(self, job: Job) -> None:
        """One more, last in line. Of those that failed only the newest stay in sight."""
        failed = [j for j in self.jobs if j.ended]
        gone = failed[: max(0, len(failed) - KEPT_FAILURES + 1)]
        self.jobs = [*(j for j in self.jobs if j not in gone), job]

    def remove(self, job: Job) -> None:
        """Put a job out of sight."""
        self.jobs = [j for j in self.jobs if j is not job]
        self._changed()

    def cancel(self, job: Job) -> bool:
        """End a job: no layer will come of it. Whether it had not ended yet."""
        went_on = not job.ended
        if went_on:
            if job.run is not None:
                job.run.cancel()
            job.move_to("cancelled")
        self.remove(job)
        return went_on

    def follow(self, job: Job, run: Any) -> None:
        """A run told of itself: what its job comes to now."""
        job.run = run
        if job.taken:
            return
        job.title = job.recipe.title(self._titles())  # known only now, where the engine had to start first
        if run.state == "done":
            self._bring(job)
        elif run.state == "failed":
            self._fail(job, run.error)
        elif run.state == "cancelled":
            self.remove(job)
