"""The engine's client in a thread of its own, and the way to it from asyncio."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from ..wire.client import transfers
from ..wire.client.channel import Channel
from ..wire.client.find_engine import finding_engine
from ..wire.client.session import Flow, Session, Task
from ..wire.client.submission import Submission
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.events import Event
from ..wire.protocol.messages import Buffer
from ..wire.protocol.pixels import PictureRef
from ..wire.request.request import Request

log = logging.getLogger("scumble.gateway")
T = TypeVar("T")
BUSY, IDLE = 0.02, 0.2  # seconds: how long one turn waits
NAME = "scumble-gateway"


class Bridge:
    """`on_event` and `on_lost` are called in the event loop; coroutines may be awaited there."""

    def __init__(
        self, version: str, on_event: Callable[[Event], None], on_lost: Callable[[ScumbleError], None]
    ) -> None:
        self._on_event, self._on_lost = on_event, on_lost
        self._channel = Channel(finding_engine, NAME, version)
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._waiting: list[tuple[Task[Any], asyncio.Future[Any], Callable[[Any], None] | None]] = []
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Begin, in a running event loop; the engine is started if there is none."""
        self._loop = asyncio.get_running_loop()
        self._calls.put(self._channel.connect_soon)
        self._thread.start()

    async def stop(self) -> None:
        """End the connection; jobs go on in the engine."""
        self._stopping = True
        self._calls.put(lambda: None)
        await asyncio.to_thread(self._thread.join, 5.0)

    async def submit(
        self, request: Request, blobs: Mapping[str, Buffer], key: str, on_job: Callable[[str], None]
    ) -> str:
        """Send a request as a job in the background that outlives this process; its id.

        `on_job` hears of the id before any event of the job comes.
        """
        submission = Submission(request, blobs, outlive=True, key=key, background=True)
        return await self._begin(lambda: self._channel.send(submission), on_job)

    async def attach(self, job: str) -> str:
        """Have a job's events come here; its state. Raises `job-unknown`."""
        return await self._begin(lambda: self._channel.attach(job))

    async def cancel(self, job: str) -> None:
        """Cancel a job; its `failed` follows."""
        self._calls.put(lambda: self._channel.give_up(job))
        await self.ask("cancel", job=job)

    async def get(self, ref: PictureRef) -> bytes:
        """A picture's bytes. Raises `blob-missing`, `blob-digest`."""
        download = transfers.Download(ref.digest, ref.raw.nbytes)
        return await self._begin(lambda: self._channel.begin(download.run))

    async def ask(self, type: str, **fields: Any) -> dict[str, Any]:
        """The engine's answer to a message."""

        def flow(session: Session) -> Flow[dict[str, Any]]:
            reply = yield from session.ask(type, **fields)
            return reply.header

        return await self._begin(lambda: self._channel.begin(flow))

    async def _begin(self, begin: Callable[[], Task[T]], then: Callable[[T], None] | None = None) -> T:
        future: asyncio.Future[T] = self._loop.create_future()
        self._calls.put(lambda: self._waiting.append((begin(), future, then)))
        return await future

    def _run(self) -> None:
        while not self._stopping:
            self._take_calls()
            try:
                events = self._channel.poll(BUSY if self._waiting else 0.0)
            except ScumbleError as e:
                log.warning("%s", e)
                self._settle()
                self._post(self._on_lost, e)
                continue
            self._settle()
            for event in events:
                self._post(self._on_event, event)
        self._channel.close()

    def _take_calls(self) -> None:
        """Begin what was asked for; where nothing is under way, wait a moment for it."""
        end = time.monotonic() + (0.0 if self._waiting else BUSY if self._channel.connecting else IDLE)
        while True:
            try:
                self._calls.get(timeout=max(0.0, end - time.monotonic()))()
                end = 0.0
            except Empty:
                return

    def _settle(self) -> None:
        """Hand over what is done, before the events that came with it."""
        left = []
        for task, future, then in self._waiting:
            if task.done:
                self._post(_resolve, task, future, then)
            else:
                left.append((task, future, then))
        self._waiting = left

    def _post(self, call: Callable[..., None], *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:  # the loop has ended
            self._stopping = True


def _resolve(task: Task[Any], future: asyncio.Future[Any], then: Callable[[Any], None] | None) -> None:
    if task.error is not None:
        future.set_exception(task.error) if not future.done() else None
        return
    if then is not None:
        then(task.result())
    if not future.done():
        future.set_result(task.result())
