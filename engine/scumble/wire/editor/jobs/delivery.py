"""A result becomes a layer, with its settings, and an entry of the history."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Callable, List, Optional, Protocol

from .history import History
from .jobs import Job

Step = Callable[[], None]
Done = Callable[[Job], None]
Failed = Callable[[Job, BaseException, bool], None]


class Place(Protocol):
    """What an editor does for it."""

    def later(self, step: Step) -> None:
        """Do `step` in a turn of its own, when the artist's hands are free; tell what it raises."""

    def add(self, job: Job) -> Any:
        """The new layer. Raises what the editor does."""

    def after(self, job: Job, layer: Any) -> List[Step]:
        """What else is done with a new layer, each in a turn of its own: its settings, say."""

    def thumbnail(self, job: Job, layer: Any) -> bytes:
        """A small PNG of a layer, or of what there is where the layer is None; empty where there is nothing."""

    def name(self, job: Job) -> str:
        """What the picture is called that a job is for."""

    def report(self, error: BaseException) -> None:
        """Tell of a fault that does not end the job."""


class Delivery:
    """Brings results where they belong, in small steps. `failed` is told whether the history has the result.

    Without a history nothing is kept.
    """

    def __init__(self, place: Place, history: Optional[History], done: Done, failed: Failed) -> None:
        self._place, self._history = place, history
        self._done, self._failed = done, failed

    def bring(self, job: Job) -> None:
        """Make a finished run's pixels a layer, as soon as the artist's hands are free."""
        job.move_to("adding")
        self._place.later(partial(self._add, job))

    def _add(self, job: Job) -> None:
        if job.ended:
            return  # cancelled at the last moment
        layer, error = None, None
        try:
            layer = self._place.add(job)
            job.mark("added", time.perf_counter())
            for step in self._place.after(job, layer):
                self._place.later(step)
        except Exception as e:  # whatever the editor makes of it, the picture is not lost
            error = e
        self._place.later(partial(self._keep, job, layer, error))

    def _keep(self, job: Job, layer: Any, error: Optional[BaseException]) -> None:
        kept = None
        try:
            if self._history is not None:
                picture, pixels, thumbnail = job.run.picture, job.run.pixels, self._place.thumbnail(job, layer)
                kept = self._history.add(job.title, job.recipe, self._place.name(job), picture, pixels, thumbnail)
        except Exception as e:
            self._place.report(e)
        job.let_go()
        if error is None:
            job.move_to("done")
            self._done(job)
        else:
            self._failed(job, error, kept is not None)
