"""The jobs that a client waits for, and what it takes to send one again that the engine lost."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Optional, Set

from ..protocol.errors import ScumbleError
from ..protocol.events import Failed
from .session import Flow, Session, Task
from .submission import Submission, unkept

LOST = ("job-unknown", "blob-missing")  # the engine died, or data of its was damaged: the job itself is well
MOST_SENT = 8  # times that one job is sent


class Watched:
    """Jobs without an end so far, in order. One that the user cancelled is not sent again."""

    def __init__(self, session: Callable[[], Session], on_failed: Callable[[Failed], None]) -> None:
        self._session, self._on_failed = session, on_failed
        self._jobs: Dict[str, Optional[Submission]] = {}
        self._cancelled: Set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._jobs)

    def __contains__(self, job: str) -> bool:
        return job in self._jobs

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._jobs))

    def add(self, job: str, submission: Optional[Submission] = None) -> None:
        """Wait for a job's end; with what was sent for it, unless that is known already."""
        self._jobs[job] = submission or self._jobs.get(job)

    def cancel(self, job: str) -> None:
        """The user does not want it any more."""
        if job in self._jobs:
            self._cancelled.add(job)

    def end(self, job: str) -> None:
        """Nothing more will come of it."""
        self._jobs.pop(job, None)
        self._cancelled.discard(job)

    def clear(self) -> None:
        """Forget them all."""
        self._jobs.clear()
        self._cancelled.clear()

    def failed(self, event: Failed, tasks: List[Task[Any]]) -> Optional[Failed]:
        """What is to be told of a job that failed; None where it is sent again, by one more of the `tasks`."""
        if self._to_send(event.job, event.error) is None:
            return Failed(event.job, self._reason(event.job, event.error))
        tasks.append(Task(lambda: self._send_again(event.job, event.error)))
        return None

    def take_up(self, job: str) -> Flow[None]:
        """Have a job's events come over the session of now; send it again where the engine has not got it."""
        try:
            yield from self._session().ask("attach", job=job)
        except ScumbleError as e:
            yield from self._send_again(job, e)

    def _send_again(self, job: str, error: ScumbleError) -> Flow[None]:
        """Send a job that the engine lost from what is here still, under its old name; else it ends with `error`."""
        submission = self._to_send(job, error)
        try:
            if submission is not None and (yield from submission.run(self._session(), job)) == job:
                return
        except ScumbleError as e:
            error = e
        if job in self._jobs:
            error = self._reason(job, error)
            self.end(job)
            self._on_failed(Failed(job, error))

    def _reason(self, job: str, error: ScumbleError) -> ScumbleError:
        """Why a job ended: a lost one that the user cancelled meanwhile is cancelled, and not sent again."""
        if error.code in LOST and job in self._cancelled:
            return ScumbleError("cancelled")
        submission = self._jobs.get(job)
        if error.code == "blob-missing" and submission is not None and submission.sent >= MOST_SENT:
            return unkept(MOST_SENT)
        return error

    def _to_send(self, job: str, error: ScumbleError) -> Optional[Submission]:
        submission = self._jobs.get(job)
        if error.code not in LOST or job in self._cancelled or submission is None or submission.sent >= MOST_SENT:
            return None
        return submission
