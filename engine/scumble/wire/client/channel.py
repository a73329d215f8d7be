"""A client's connection: one session, the tasks that wait on it, the jobs it watches, and one reconnection.

Nothing here waits longer than a caller's timeout, except `connect` and `wait`.
"""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from typing import Any, Callable, Deque, Dict, List, Optional, TypeVar

from ..protocol.errors import ScumbleError
from ..protocol.events import Event, Failed, Result, parse_event
from ..transport.base import ConnectionLost, Steps, Transport, finish
from .connecting import Connecting
from .session import Flow, Session, Task
from .submission import Submission
from .watched import Watched

T = TypeVar("T")
Begin = Callable[[Session], Flow[T]]

SLICE = 0.5  # seconds: the longest wait at once, so that pings go out
LIVED = 10.0  # seconds: a connection that broke sooner after the last is not tried again


class Channel:
    """A connection that is made when it is needed, and made again once when it breaks. For one thread."""

    def __init__(
        self,
        reach: Callable[[], Steps[Transport]],
        name: str,
        version: str,
        on_wait: Optional[Callable[[], None]] = None,
        patience: Optional[float] = None,
    ) -> None:
        hello = {"client": name, "version": version, **({} if patience is None else {"patience": patience})}
        self._connecting = Connecting(reach, hello, on_wait)
        self._session: Optional[Session] = None
        self._tasks: List[Task[Any]] = []
        self._events: Deque[Event] = deque()
        self._watched = Watched(self._need_session, self._events.append)
        self._attaching: List[Task[None]] = []
        self._lost_at: Optional[float] = None
        self._closed = False

    @property
    def hello(self) -> Dict[str, Any]:
        """What is said to an engine first."""
        return self._connecting.hello

    @property
    def info(self) -> Dict[str, Any]:
        """The engine's answer to that."""
        return self._connecting.info

    @property
    def connected(self) -> bool:
        """Whether there is a connection now. An idle engine may end; the next request starts it again."""
        return self._session is not None

    @property
    def connecting(self) -> bool:
        """Whether a connection is being made, or will be in the next turn."""
        return self._session is None and (self._connecting.begun or self._busy)

    @property
    def taken(self) -> int:
        """How many messages the connection brought so far."""
        return self._session.taken if self._session is not None else 0

    def connect(self) -> None:
        """Reach the engine and say hello. Raises `protocol-version` and what `finding_engine` raises."""
        try:
            self._session = finish(self._connecting.steps(), self._connecting.on_wait)
        except ConnectionLost as e:
            raise self._lost() from e
        self._closed = False

    def connect_soon(self) -> None:
        """Like `connect`, without waiting: each turn takes a step."""
        self._connecting.begin()

    def close(self) -> None:
        """End the connection at once. Jobs that were not submitted to outlive it are cancelled by the engine."""
        self._closed = True
        self._tasks.clear()
        self._watched.clear()
        self._drop()

    def begin(self, flow: Begin[T]) -> Task[T]:
        """A task that the next turn begins, on a connection that is made if there is none."""
        task: Task[T] = Task(lambda: flow(self._need_session()))
        self._tasks.append(task)
        return task

    def abandon(self, task: Task[Any]) -> None:
        """Leave a task where it is. What it asked for already may still happen."""
        task.restart()
        self._tasks = [t for t in self._tasks if t is not task]

    def send(self, submission: Submission) -> Task[str]:
        """A task that sends a request from the next turn on; it gives the job's id, whose events come from then on."""
        return self.begin(partial(self._submit, submission))

    def _submit(self, submission: Submission, session: Session) -> Flow[str]:
        job = yield from submission.run(session)
        self._watched.add(job, submission)
        return job

    def attach(self, job: str) -> Task[str]:
        """A task that has a job's events come here from now on; it gives the job's state. Raises `job-unknown`."""
        return self.begin(partial(self._attach, job))

    def _attach(self, job: str, session: Session) -> Flow[str]:
        reply = yield from session.ask("attach", job=job)
        self._watched.add(job)
        return str(reply.header.get("state", ""))

    def give_up(self, job: str) -> None:
        """The user does not want a job any more: it is not sent again where its engine dies."""
        self._watched.cancel(job)

    def watches(self, job: str) -> bool:
        """Whether a job's end is still to come."""
        return job in self._watched

    def poll(self, timeout: float = 0.0) -> List[Event]:
        """The events that came, waiting at most `timeout` seconds for the first; call it from a timer.

        It also moves tasks on, pings, and takes the jobs up again when the connection broke. Raises `engine-lost`,
        `engine-silent`: the jobs are given up then.
        """
        end = time.monotonic() + timeout
        self._turn(0.0)
        while not self._events and time.monotonic() < end:
            self._turn(min(SLICE, max(0.0, end - time.monotonic())))
        events = list(self._events)
        self._events.clear()
        return events

    def flush(self) -> None:
        """Send what tasks have to say by now. Raises as `poll` does."""
        try:
            self._advance()
        except ConnectionLost:
            self._on_lost()

    def wait(self, task: Task[T]) -> T:
        """Go on until a task is done, however long that takes; what it gives."""
        try:
            self._turn(0.0)
            while not task.done:
                self._turn(SLICE)
        finally:
            if task in self._tasks:
                self._tasks.remove(task)
        return task.result()

    def _need_session(self) -> Session:
        if self._session is None:
            raise ConnectionLost("not connected")
        return self._session

    def _turn(self, timeout: float) -> None:
        """Take what arrived and let every task go on. Raises `engine-lost`, `engine-silent` and what `connect` does."""
        if self._closed:
            raise self._lost()
        try:
            self._pump(timeout)
            self._advance()  # before the events: a reply that names a job comes before the job's events
        except ConnectionLost:
            self._take_events()
            self._on_lost()
        except ScumbleError as e:
            self._give_up(e)
        self._take_events()

    def _pump(self, timeout: float) -> None:
        if self._session is None:
            if not self._busy and not self._connecting.begun:
                return time.sleep(timeout)
            self._session = self._connecting.step(timeout)
            if self._session is None:
                return
            self._take_up()
        self._advance()  # what was just begun sends first
        session = self._need_session()
        session.keep_alive = bool(self._watched)
        session.pump(timeout)

    @property
    def _busy(self) -> bool:
        return bool(self._tasks or self._watched)

    def _advance(self) -> None:
        for task in list(self._tasks) if self._session is not None else []:
            task.advance()
        self._tasks = [t for t in self._tasks if not t.done]

    def _take_events(self) -> None:
        while self._session is not None and self._session.events:
            event = parse_event(self._session.events.popleft())
            if isinstance(event, Failed):
                event = self._watched.failed(event, self._tasks)
            if isinstance(event, (Result, Failed)):
                self._watched.end(event.job)
            if event is not None:
                self._events.append(event)

    def _on_lost(self) -> None:
        """Drop the connection; the next turn makes a new one if something waits for it, but not twice in a row."""
        self._drop()
        now = time.monotonic()
        if self._busy:
            if self._lost_at is not None and now - self._lost_at < LIVED:
                self._give_up(self._lost())
            self._lost_at = now

    def _take_up(self) -> None:
        """On a new connection: begin the tasks again and attach to the jobs."""
        self._tasks = [t for t in self._tasks if t not in self._attaching]
        for task in self._tasks:
            task.restart()
        self._attaching = [Task(partial(self._watched.take_up, job)) for job in self._watched]
        self._tasks += self._attaching

    def _give_up(self, error: ScumbleError) -> None:
        """Nothing more will come: end every task, forget the jobs and raise `error`."""
        for task in self._tasks:
            task.fail(error)
        self._tasks.clear()
        self._watched.clear()
        self._drop()
        raise error

    def _lost(self) -> ScumbleError:
        return ScumbleError("engine-lost", log=self._connecting.log)

    def _drop(self) -> None:
        self._connecting.stop()
        if self._session is not None:
            self._session.close()
            self._session = None
