"""The runs of a link: sent, followed and fetched over a channel, without waiting."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, NamedTuple, Optional, cast

from ..client.channel import Channel
from ..client.session import Task
from ..client.submission import Submission
from ..client.transfers import GONE, Download
from ..protocol.errors import ScumbleError
from ..protocol.events import Event, Failed, Result
from . import run as runs
from .run import Run


class _Travel(NamedTuple):
    """What is on its way for a run: its request with the data, or its picture."""

    task: Task[Any]
    submission: Optional[Submission] = None


class Runs:
    """Every run is in one place: on its way, a job of the engine's, or ended. `changed` are those to be told of."""

    def __init__(self) -> None:
        self.channel: Optional[Channel] = None
        self.changed: Dict[Run, None] = {}
        self._travels: Dict[Run, _Travel] = {}
        self._jobs: Dict[str, Run] = {}
        self._sent: Dict[Run, Submission] = {}  # until the picture is here: it may be lost on the way

    @property
    def travelling(self) -> bool:
        """Whether data is on its way, either way."""
        return bool(self._travels)

    @property
    def unfinished(self) -> List[Run]:
        """The runs without an end."""
        return [run for run in (*self._travels, *self._jobs.values()) if not run.ended]

    def follow(self, run: Run, submission: Submission, task: Task[str]) -> None:
        """Take on a run whose request a task of the channel sends."""
        self._sent[run] = submission
        self._travels[run] = _Travel(task, submission)

    def cancel(self, run: Run) -> None:
        """End a run here at once, and tell the engine what it has to know."""
        if run.ended and (run.state != "done" or run not in self.changed):
            return
        runs.cancel(run)
        self.changed[run] = None
        self._sent.pop(run, None)
        if self._jobs.pop(run.job, None) is not None:
            self._tell("cancel", run.job)
        travel = self._travels.get(run)
        if travel is None or (travel.submission is not None and travel.submission.asked):
            return  # with the answer to the request comes the job's name, and then `settle` cancels it
        del self._travels[run]
        if self.channel is not None:
            self.channel.abandon(travel.task)
        if travel.submission is None:
            self._tell("forget", run.job)

    def settle(self) -> None:
        """See what has arrived, there or here."""
        for run, travel in list(self._travels.items()):
            if travel.task.done:
                del self._travels[run]
                if not run.ended:
                    self.changed[run] = None
                self._arrived(run, travel)
        for run in self._jobs.values():
            if run.keep_time():  # what is left is told by the second, also while a step takes long
                self.changed[run] = None

    def _arrived(self, run: Run, travel: _Travel) -> None:
        if travel.task.error is not None:
            error = cast(ScumbleError, travel.task.error)
            if not run.ended and not self._sends_again(run, travel, error):
                runs.fail(run, error)
        elif travel.submission is None:
            self._sent.pop(run, None)
            runs.finish(run, travel.task.result())
            self._tell("forget", run.job)
        elif run.ended:
            self._tell("cancel", travel.task.result())
        else:
            runs.sent(run, travel.task.result())
            self._jobs[run.job] = run

    def _sends_again(self, run: Run, travel: _Travel, error: ScumbleError) -> bool:
        """Whether a picture that was damaged before it was here is painted once more."""
        submission = self._sent.pop(run, None)
        if travel.submission is not None or submission is None or error.code not in GONE or self.channel is None:
            return False
        runs.again(run)
        self._travels[run] = _Travel(self.channel.send(submission), submission)
        return True

    def take(self, events: Iterable[Event]) -> None:
        """What happened to jobs; call `settle` before, which learns of them."""
        for event in events:
            run = self._jobs.get(event.job)
            if run is not None:
                self._take(run, event)
            elif isinstance(event, Result):  # it ended before it heard that it was cancelled
                self._tell("forget", event.job)

    def _take(self, run: Run, event: Event) -> None:
        if isinstance(event, Failed) and event.error.code == "job-unknown":  # another engine took the place of ours
            event = Failed(event.job, ScumbleError("engine-lost", log=cast(Channel, self.channel).info.get("log", "")))
        runs.take(run, event)
        self.changed[run] = None
        if isinstance(event, (Result, Failed)):
            del self._jobs[run.job]
        if isinstance(event, Failed):
            self._sent.pop(run, None)
        if isinstance(event, Result):
            form = event.picture.format
            download = Download(event.picture.digest, form.nbytes if form else None)
            self._travels[run] = _Travel(cast(Channel, self.channel).begin(download.run))

    def fail(self, error: ScumbleError) -> None:
        """End them all: the engine is lost."""
        for run in self.unfinished:
            runs.fail(run, error)
            self.changed[run] = None
        self._forget()

    def drop(self) -> None:
        """End them all here, and tell nobody."""
        for run in self.unfinished:
            runs.cancel(run)
        self.changed.clear()
        self._forget()

    def _forget(self) -> None:
        for gone in (self._travels, self._jobs, self._sent):
            gone.clear()

    def _tell(self, type: str, job: str) -> None:
        """Say something to the engine whose answer does not matter."""
        if self.channel is not None:
            if type == "cancel":
                self.channel.give_up(job)
            self.channel.begin(lambda s: s.ask(type, job=job))
