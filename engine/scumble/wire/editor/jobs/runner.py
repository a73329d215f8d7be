"""A user's jobs from the request on: begun, followed, ended, brought where they belong; and what is said of them."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Callable, List, Mapping, Optional, Protocol

from ...protocol.errors import ScumbleError
from ...words.translation import sentence
from ..link import Link
from .delivery import Delivery, Place
from .history import History, HistoryEntry
from .jobs import Job, JobList
from .labels import added_words, broken_words, cancelled_words, kept_words


class Host(Protocol):
    """What an editor's plug-in does for it."""

    @property
    def link(self) -> Link:
        """The engine."""

    def titles(self) -> Mapping[str, str]:
        """The library's titles by name, as far as they are known."""

    def explain(self, error: BaseException) -> str:
        """What went wrong and what to do about it, for a person."""

    def say(self, text: str) -> None:
        """Tell the user something."""

    def failed(self, error: BaseException, text: str) -> None:
        """Log a job's error, and tell the user `text`."""

    def partly(self, error: BaseException, text: str) -> None:
        """Log what ended a job early, although a layer came of it, and tell the user `text`."""

    def refused(self, error: ScumbleError) -> None:
        """A job could not be let rest, or go on: tell the user."""

    def moved(self) -> None:
        """A job went on: it is shown at the end of this turn."""

    def changed(self) -> None:
        """The jobs are others now."""


class JobRunner:
    """Runs the jobs that the user asked for; results go to `place` and, where there is one, to the history."""

    def __init__(self, host: Host, place: Place, history: Optional[History]) -> None:
        self._host = host
        delivery = Delivery(place, history, self._on_added, self._on_failed)
        self._list = JobList(delivery.bring, self._on_failed, host.titles, host.changed)

    @property
    def jobs(self) -> List[Job]:
        """The jobs that have not ended, and the last that failed."""
        return self._list.jobs

    def begin(self, job: Job, asked: float) -> Callable[[Any], None]:
        """Take up what the user asked for at `asked` (`time.perf_counter`); what the changes of its `Run` are told."""
        job.mark("asked", asked)
        job.mark("read", time.perf_counter())
        self._list.add(job)
        return partial(self._on_run, job)

    def cancel(self, job: Job) -> bool:
        """End a job: no layer will come of it. Whether it had not ended yet."""
        went_on = self._list.cancel(job)
        if went_on:
            self._host.say(cancelled_words(job.title))
        return went_on

    def pause(self, job: Job) -> None:
        """Let a job rest, or go on where it was."""
        link = self._host.link
        (link.resume if job.state == "paused" else link.pause)(job.run, self._host.refused)

    def dismiss(self, job: Job) -> None:
        """Put a job that failed out of sight."""
        if job.ended:
            self._list.remove(job)

    def tell_again(self, entry: HistoryEntry) -> None:
        """Say that a kept result is a layer once more."""
        self._say_added(entry.title)

    def _on_run(self, job: Job, run: Any) -> None:
        """A run told of itself; what follows is done in turns of its own."""
        self._host.moved()
        self._list.follow(job, run)

    def _on_added(self, job: Job) -> None:
        notes = " ".join(map(sentence, job.notes))
        self._list.remove(job)
        if job.broken is None:
            return self._say_added(job.title, notes)
        words = broken_words(job.title, job.frame, job.frames, self._host.explain(job.broken))
        self._host.partly(job.broken, f"{words} {notes}".strip())

    def _on_failed(self, job: Job, error: BaseException, kept: bool = False) -> None:
        more = kept_words() if kept else ""
        job.fail(error, f"{self._host.explain(error)} {more}".strip())
        self._host.failed(error, job.error)

    def _say_added(self, title: str, more: str = "") -> None:
        self._host.say(f"{added_words(title)} {more}".strip())
