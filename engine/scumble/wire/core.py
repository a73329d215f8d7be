"""The client's engine room: one session, the tasks that wait on it, the jobs it watches, and one reconnection.

Nothing here waits longer than a caller's timeout, except `connect`.
"""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from typing import Any, Callable, Deque, Dict, List, Optional, TypeVar, cast

from .errors import ScumbleError
from .events import Event, Failed, Result, parse_event
from .messages import PROTOCOL
from .session import Session
from .tasks import Flow, Task
from .transport import ConnectionLost, Steps, Transport, finish

T = TypeVar("T")
Begin = Callable[[Session], Flow[T]]

SLICE = 0.5  # seconds: the longest wait at once, so that pings go out
REACH_PAUSE = 0.01  # seconds between two steps towards a connection
LIVED = 10.0  # seconds: a connection that broke sooner after the last is not tried again


class Core:
    """A connection that is made when it is needed, and made again once when it breaks. For one thread."""

    def __init__(
        self,
        reach: Callable[[], Steps[Transport]],
        name: str,
        version: str,
        on_wait: Optional[Callable[[], None]] = None,
        patience: Optional[float] = None,
    ) -> None:
        self._reach, self._on_wait = reach, on_wait
        self.hello: Dict[str, Any] = {"protocol": PROTOCOL, "client": name, "version": version}  # what is said first
        if patience is not None:
            self.hello["patience"] = patience
        self._session: Optional[Session] = None
        self._opening: Optional[Steps[None]] = None
        self._tasks: List[Task[Any]] = []
        self._watched: Dict[str, None] = {}  # jobs without an end so far, in order
        self._events: Deque[Event] = deque()
        self._attaching: List[Task[None]] = []
        self._lost_at: Optional[float] = None
        self._closed = False
        self._log = ""
        self.info: Dict[str, Any] = {}  # the engine's answer to `hello`

    @property
    def connected(self) -> bool:
        """Whether there is a connection now. An idle engine may end; the next request starts it again."""
        return self._session is not None

    @property
    def connecting(self) -> bool:
        """Whether a connection is being made, or will be in the next turn."""
        return self._session is None and (self._opening is not None or self._busy)

    @property
    def taken(self) -> int:
        """How many messages the connection brought so far."""
        return self._session.taken if self._session is not None else 0

    def connect(self) -> None:
        """Reach the engine and say hello. Raises `protocol-version` and what reaching it raises."""
        try:
            finish(self._open(), self._on_wait)
        except ConnectionLost as e:
            raise ScumbleError("engine-lost", log=self._log) from e

    def connect_soon(self) -> None:
        """Like `connect`, without waiting: each turn takes a step."""
        self._opening = self._opening or self._open()

    def _open(self) -> Steps[None]:
        session = Session((yield from self._reach()))
        self._log = session.log
        try:
            self.info = yield from session.greet(self.hello)
        except BaseException:
            session.close()
            raise
        self._session, self._closed = session, False

    def close(self) -> None:
        """End the connection at once. Jobs that were not submitted to outlive it are cancelled by the engine."""
        self._closed = True
        self._tasks.clear()
        self._watched.clear()
        self._drop()

    # tasks

    def begin(self, flow: Begin[T]) -> Task[T]:
        """A task that the next turn begins, on a connection that is made if there is none."""
        task: Task[T] = Task(lambda: flow(self._need_session()))
        self._tasks.append(task)
        return task

    def abandon(self, task: Task[Any]) -> None:
        """Leave a task where it is. What it asked for already may still happen."""
        task.restart()
        self._tasks = [t for t in self._tasks if t is not task]

    def flush(self) -> None:
        """Send what tasks have to say by now. Raises as `poll` does."""
        try:
            self._advance()
        except ConnectionLost:
            self._on_lost()

    def _start(self, flow: Begin[T]) -> Task[T]:
        task = self.begin(flow)
        self._turn(0.0)
        return task

    def _finish(self, flow: Begin[T]) -> T:
        """Run a flow to its end."""
        task = self._start(flow)
        try:
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

    # one turn of the wheel

    def _turn(self, timeout: float) -> None:
        """Take what arrived and let every task go on. Raises `engine-lost`, `engine-silent` and what `connect` does."""
        if self._closed:
            raise ScumbleError("engine-lost", log=self._log)
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
            if not self._busy and self._opening is None:
                return time.sleep(timeout)
            if not self._opened(timeout):
                return
            self._take_up()
        self._advance()  # what was just begun sends first
        session = self._need_session()
        session.keep_alive = bool(self._watched)
        session.pump(timeout)

    def _opened(self, timeout: float) -> bool:
        """Take a step towards a connection; whether there is one. Without one, waits at most `timeout` seconds."""
        self.connect_soon()
        try:
            next(cast(Steps[None], self._opening))
        except StopIteration:
            self._opening = None
            return True
        except BaseException:
            self._opening = None
            raise
        if self._on_wait is not None:
            self._on_wait()
        time.sleep(min(timeout, REACH_PAUSE))
        return False

    @property
    def _busy(self) -> bool:
        return bool(self._tasks or self._watched)

    def _advance(self) -> None:
        if self._session is None:
            return
        for task in list(self._tasks):
            task.advance()
        self._tasks = [t for t in self._tasks if not t.done]

    def _take_events(self) -> None:
        while self._session is not None and self._session.events:
            event = parse_event(self._session.events.popleft())
            if isinstance(event, (Result, Failed)):
                self._watched.pop(event.job, None)
            if event is not None:
                self._events.append(event)

    # when the connection breaks

    def _on_lost(self) -> None:
        """Drop the connection; the next turn makes a new one if something waits for it, but not twice in a row."""
        self._drop()
        now = time.monotonic()
        if self._busy:
            if self._lost_at is not None and now - self._lost_at < LIVED:
                self._give_up(ScumbleError("engine-lost", log=self._log))
            self._lost_at = now

    def _take_up(self) -> None:
        """On a new connection: begin the tasks again and attach to the jobs."""
        self._tasks = [t for t in self._tasks if t not in self._attaching]
        for task in self._tasks:
            task.restart()
        self._attaching = [Task(partial(self._attach_again, job)) for job in self._watched]
        self._tasks += self._attaching

    def _attach_again(self, job: str) -> Flow[None]:
        try:
            yield from self._need_session().ask("attach", job=job)
        except ScumbleError as e:  # the engine has not got it any more
            if job in self._watched:
                del self._watched[job]
                self._events.append(Failed(job, e))

    def _give_up(self, error: ScumbleError) -> None:
        """Nothing more will come: end every task, forget the jobs and raise `error`."""
        for task in self._tasks:
            task.fail(error)
        self._tasks.clear()
        self._watched.clear()
        self._drop()
        raise error

    def _drop(self) -> None:
        if self._opening is not None:
            self._opening.close()
            self._opening = None
        if self._session is not None:
            self._session.close()
            self._session = None
