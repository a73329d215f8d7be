"""The client: what a plug-in, the command line or a script says to the engine.

Calls wait for their answer, which the engine gives at once; what takes long is a job, and `poll` brings its events
without blocking. A `Client` belongs to one thread.
"""

from __future__ import annotations

import contextlib
import time
from types import TracebackType
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple, Type, cast

from . import blobs as transfer
from .connection import Connection
from .core import SLICE, Core
from .errors import ScumbleError
from .events import Event, Failed, Result
from .messages import Buffer
from .pixels import PictureRef, digest_of
from .reach import START_SECONDS, reaching
from .request import Request
from .session import Session
from .submission import Submission
from .tasks import Flow, Task
from .transport import connecting

Plain = Dict[str, Any]


class Client(Core):
    """A connection to the engine. Every call raises `ScumbleError`; `engine-lost` and `engine-silent` are final."""

    @classmethod
    def connect_or_start(
        cls,
        name: str = "scumble",
        version: str = "",
        prefer: Optional[str] = None,
        seconds: float = START_SECONDS,
        on_wait: Optional[Callable[[], None]] = None,
    ) -> Client:
        """The user's engine, started if there is none. `on_wait` is called often while it starts.

        `prefer` is “pyzmq” or “pure”. Raises `engine-missing`, `engine-refused`, `engine-silent`, `protocol-version`,
        `folder-unsafe`.
        """
        client = cls(lambda: reaching(prefer, seconds), name, version, on_wait)
        client.connect()
        return client

    @classmethod
    def connect_to(
        cls, connection: Connection, name: str = "scumble", version: str = "", prefer: Optional[str] = None
    ) -> Client:
        """A given engine, never started from here. Raises `engine-lost` where nothing listens, and as above."""
        client = cls(lambda: connecting(connection, prefer), name, version)
        client.connect()
        return client

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], e: Optional[BaseException], t: Optional[TracebackType]
    ) -> None:
        self.close()

    # blobs

    def have(self, digests: Iterable[str]) -> Dict[str, int]:
        """How many bytes of each the engine holds."""
        wanted = list(digests)
        return self._finish(lambda s: transfer.have(s, wanted))

    def put(self, data: Buffer) -> str:
        """Send data unless the engine has it; its digest. Raises `blob-large`, `disk-full`."""
        digest = digest_of(data)
        self._finish(lambda s: transfer.put(s, {digest: data}))
        return digest

    def get(self, digest: str, size: Optional[int] = None) -> bytes:
        """Fetch data; a `size` is checked. Raises `blob-missing`, `blob-digest`."""
        return self._finish(transfer.Download(digest, size).run)

    def get_soon(self, digest: str, size: Optional[int] = None) -> Task[bytes]:
        """Like `get`, without waiting: `poll` brings the task on until it is `done`."""
        return self._start(transfer.Download(digest, size).run)

    # jobs

    def submit(self, request: Request, blobs: Mapping[str, Buffer], outlive: bool = False, key: str = "") -> str:
        """Send what the engine lacks of `blobs` (by digest), then the request; the job's id.

        Without `outlive` the job is cancelled when this client goes. The same `key` never makes a second job.
        """
        return self._finish(self._watching(Submission(request, blobs, outlive, key)))

    def submit_soon(
        self, request: Request, blobs: Mapping[str, Buffer], outlive: bool = False, key: str = ""
    ) -> Task[str]:
        """Like `submit`, without waiting: `poll` brings the task on until it is `done`."""
        return self._start(self._watching(Submission(request, blobs, outlive, key)))

    def begin_submission(self, submission: Submission) -> Task[str]:
        """Like `submit_soon`, from the next `poll` on."""
        return self.begin(self._watching(submission))

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

    def run(
        self,
        request: Request,
        blobs: Mapping[str, Buffer],
        on_event: Optional[Callable[[Event], None]] = None,
    ) -> Tuple[PictureRef, bytes, Result]:
        """Submit, wait for the end and fetch the picture: its reference, its bytes and the account of the run.

        Raises the job's error. If `on_event` raises, the job is cancelled.
        """
        job = self.submit(request, blobs)
        try:
            result = self._wait_for_end(job, on_event)
        except BaseException:
            self._cancel_quietly(job)
            raise
        form = result.picture.format
        data = self.get(result.picture.digest, form.nbytes if form else None)
        self.forget(job)
        return result.picture, data, result

    def cancel(self, job: str) -> str:
        """Cancel a job; its state. The event `Failed` with `cancelled` follows."""
        return str(self._call("cancel", job=job).get("state", ""))

    def attach(self, job: str) -> str:
        """Have a job's events come here from now on; its state. Raises `job-unknown`."""
        return self._finish(lambda s: self._attach(s, job))

    def forget(self, job: str) -> None:
        """Drop a finished job's result."""
        self._call("forget", job=job)

    # the engine

    def jobs(self) -> List[Plain]:
        """What the engine does and did."""
        return _dicts(self._call("jobs").get("jobs"))

    def styles(self) -> List[Plain]:
        """The style library."""
        return _dicts(self._call("styles").get("styles"))

    def models(self) -> List[Plain]:
        """The models, and whether they are on this machine."""
        return _dicts(self._call("models").get("models"))

    def status(self) -> Plain:
        """State, version, uptime, jobs, workers, store."""
        return self._call("status")

    def ping(self) -> None:
        """A sign of life, answered."""
        self._call("ping")

    def shutdown(self, now: bool = False) -> None:
        """End the engine when its jobs have ended, or at once; this client is closed."""
        self._call("shutdown", now=now)
        self.close()

    # how

    def _call(self, type: str, **fields: Any) -> Plain:
        reply = self._finish(lambda s: s.ask(type, **fields))
        return {k: v for k, v in reply.header.items() if k not in ("type", "re")}

    def _watching(self, submission: Submission) -> Callable[[Session], Flow[str]]:
        def flow(session: Session) -> Flow[str]:
            job = yield from submission.run(session)
            self._watched[job] = None
            return job

        return flow

    def _attach(self, session: Session, job: str) -> Flow[str]:
        reply = yield from session.ask("attach", job=job)
        self._watched[job] = None
        return str(reply.header.get("state", ""))

    def _wait_for_end(self, job: str, on_event: Optional[Callable[[Event], None]]) -> Result:
        while True:
            for event in self.poll(SLICE):
                if on_event is not None:
                    on_event(event)
                if event.job == job and isinstance(event, Failed):
                    raise event.error
                if event.job == job and isinstance(event, Result):
                    return event

    def _cancel_quietly(self, job: str) -> None:
        """Cancel a job unless it has ended; the error on the way matters more than one met here."""
        if job in self._watched and self.connected:
            with contextlib.suppress(ScumbleError):
                self.cancel(job)


def _dicts(value: object) -> List[Plain]:
    return [cast(Plain, v) for v in value if isinstance(v, dict)] if isinstance(value, list) else []
