"""One job as the user sees it: what was asked for, where, and how far it is."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ..qt import image_of
from ..texts import explain
from ..wire.protocol.errors import ScumbleError
from ..wire.request.recipe import Recipe

KEPT_FAILURES = 3  # failed jobs that stay in sight, the one to come included


class LayerJob:
    """A run over a layer. It is told of in plain values; the studio alone changes it.

    `state` is the run's (“sending”, “queued”, “running”, “fetching”, “done”, “failed”, “cancelled”), and “adding” while
    its layer is being made. `times` are those of the run, and “asked”, “read”, “added” (`time.perf_counter`).
    """

    def __init__(self, title: str, recipe: Recipe, source: Any, instead: Any = None) -> None:
        self.title = title
        self.recipe = recipe
        self.source = source  # a `document.Source`, whose pixels are let go once they are sent
        self.instead = instead  # the layer that its result is to replace; None for none
        self.run: Any = None  # a `wire.editor.link.Run`
        self.error = ""  # a sentence and its remedy, when it failed
        self.layer_name = ""  # when it is done
        self._own_state = ""
        self._times: Dict[str, float] = {}
        self._preview: Any = None
        self._shown: Any = None  # the run's preview that `_preview` was made of

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
        """Whether the studio has taken it over from the run."""
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
    def device(self) -> str:
        """Where it is computed; empty before it started."""
        return self.run.device if self.run is not None else ""

    @property
    def preview(self) -> Optional[Any]:
        """The newest picture on the way, a QImage; None before the first."""
        newest = self.run.preview if self.run is not None else None
        if newest is not None and newest is not self._shown:
            self._shown = newest
            form = newest.format
            self._preview = image_of(newest.pixels, form.width, form.height, form.channels)
        return self._preview

    @property
    def notes(self) -> List[Any]:
        """What the user should know of a run although it went well: `wire.protocol.notes.Note`."""
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

    def fail(self, error: BaseException) -> None:
        """End it, with the reason in words."""
        self.error = explain(error)
        cancelled = isinstance(error, ScumbleError) and error.code == "cancelled"
        self._own_state = "cancelled" if cancelled else "failed"


def in_sight(jobs: List[LayerJob]) -> List[LayerJob]:
    """The jobs that are still to be seen when another one begins: of those that failed only the newest."""
    failed = [job for job in jobs if job.ended]
    gone = failed[: max(0, len(failed) - KEPT_FAILURES + 1)]
    return [job for job in jobs if job not in gone]
