"""The client: what a plug-in, the command line or a script says to the engine.

Calls wait for their answer, which the engine gives at once; what takes long is a job, and `poll` brings its events
without blocking. A `Client` belongs to one thread.
"""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple, Type, TypeVar, cast

from ..engine.connection import Connection
from ..protocol.errors import ScumbleError
from ..protocol.events import Event, Failed, Result
from ..protocol.messages import Buffer
from ..protocol.pixels import PictureRef, digest_of
from ..request.request import Request
from ..transport.base import Steps, Transport
from ..transport.connect import connecting
from . import transfers
from .channel import SLICE, Channel
from .find_engine import START_SECONDS, finding_engine
from .session import Flow, Session
from .submission import Submission

T = TypeVar("T")
Plain = Dict[str, Any]


class Client:
    """A connection to the engine. Every call raises `ScumbleError`; `engine-lost` and `engine-silent` are final.

    `channel` is the connection, for those who may not wait.
    """

    def __init__(
        self,
        reach: Callable[[], Steps[Transport]],
        name: str,
        version: str,
        on_wait: Optional[Callable[[], None]] = None,
        patience: Optional[float] = None,
    ) -> None:
        self.channel = Channel(reach, name, version, on_wait, patience)

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
        client = cls(lambda: finding_engine(prefer, seconds), name, version, on_wait)
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

    @property
    def info(self) -> Plain:
        """The engine's answer to `hello`."""
        return self.channel.info

    @property
    def connected(self) -> bool:
        """Whether there is a connection now. An idle engine may end; the next request starts it again."""
        return self.channel.connected

    def connect(self) -> None:
        """Reach the engine and say hello. Raises `protocol-version` and what `finding_engine` raises."""
        self.channel.connect()

    def close(self) -> None:
        """End the connection at once. Jobs that were not submitted to outlive it are cancelled by the engine."""
        self.channel.close()

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
        return self.finish(lambda s: transfers.have(s, wanted))

    def put(self, data: Buffer) -> str:
        """Send data unless the engine has it; its digest. Raises `blob-large`, `disk-full`."""
        digest = digest_of(data)
        self.finish(lambda s: transfers.put(s, {digest: data}))
        return digest

    def get(self, digest: str, size: Optional[int] = None) -> bytes:
        """Fetch data; a `size` is checked. Raises `blob-missing`, `blob-digest`."""
        return self.finish(transfers.Download(digest, size).run)

    # jobs

    def submit(self, request: Request, blobs: Mapping[str, Buffer]) -> str:
        """Send what the engine lacks of `blobs` (by digest), then the request; the job's id.

        The job is cancelled when this client goes; `send` sends others.
        """
        return self.send(Submission(request, blobs))

    def send(self, submission: Submission) -> str:
        """Send a request with what is to hold for its job; the job's id."""
        return self.channel.wait(self.channel.send(submission))

    def poll(self, timeout: float = 0.0) -> List[Event]:
        """The events that came, as `Channel.poll` brings them."""
        return self.channel.poll(timeout)

    def run(
        self,
        request: Request,
        blobs: Mapping[str, Buffer],
        on_event: Optional[Callable[[Event], None]] = None,
    ) -> Tuple[PictureRef, bytes, Result]:
        """Submit, wait for the end and fetch the picture: its reference, its bytes and the account of the run.

        Raises the job's error. If `on_event` raises, the job is cancelled. A picture that is damaged before it is here
        is painted once more.
        """
        for left in (1, 0):
            job = self.submit(request, blobs)
            try:
                result = self._wait_for_end(job, on_event)
            except BaseException:
                self._cancel_quietly(job)
                raise
            form = result.picture.format
            try:
                data = self.get(result.picture.digest, form.nbytes if form else None)
            except ScumbleError as e:
                if e.code not in transfers.GONE or not left:
                    raise
                continue
            self.forget(job)
            return result.picture, data, result
        raise AssertionError("the last try returns or raises")

    def cancel(self, job: str) -> str:
        """Cancel a job; its state. The event `Failed` with `cancelled` follows."""
        self.channel.give_up(job)
        return str(self.ask("cancel", job=job).get("state", ""))

    def pause(self, job: str) -> str:
        """Let a job rest; its state: “paused”, or “pausing” until the event `Paused`."""
        return str(self.ask("pause", job=job).get("state", ""))

    def resume(self, job: str) -> str:
        """Let a paused job go on where it was; its state."""
        return str(self.ask("resume", job=job).get("state", ""))

    def attach(self, job: str) -> str:
        """Have a job's events come here from now on; its state. Raises `job-unknown`."""
        return self.channel.wait(self.channel.attach(job))

    def forget(self, job: str) -> None:
        """Drop a finished job's result."""
        self.ask("forget", job=job)

    # the engine

    def jobs(self) -> List[Plain]:
        """What the engine does and did."""
        return _dicts(self.ask("jobs").get("jobs"))

    def styles(self) -> List[Plain]:
        """The style library."""
        return _dicts(self.ask("styles").get("styles"))

    def models(self) -> List[Plain]:
        """The models, and whether they are on this machine."""
        return _dicts(self.ask("models").get("models"))

    def status(self) -> Plain:
        """State, version, uptime, jobs, workers, store."""
        return self.ask("status")

    def ping(self) -> None:
        """A sign of life, answered."""
        self.ask("ping")

    def shutdown(self, now: bool = False) -> None:
        """End the engine when its jobs have ended, or at once; this client is closed."""
        self.ask("shutdown", now=now)
        self.close()

    # how

    def finish(self, flow: Callable[[Session], Flow[T]]) -> T:
        """Run a flow to its end."""
        return self.channel.wait(self.channel.begin(flow))

    def ask(self, type: str, **fields: Any) -> Plain:
        """Send a request and wait for its answer, whatever it is."""
        reply = self.finish(lambda s: s.ask(type, **fields))
        return {k: v for k, v in reply.header.items() if k not in ("type", "re")}

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
        """Cancel a job unless it has ended; the error that is on its way matters more than one from here."""
        if self.channel.watches(job) and self.connected:
            with contextlib.suppress(ScumbleError):
                self.cancel(job)


def _dicts(value: object) -> List[Plain]:
    return [cast(Plain, v) for v in value if isinstance(v, dict)] if isinstance(value, list) else []
