"""What becomes of a call: it is read, sent to the engine, followed, and answered with a file."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..picture import Picture
from ..picture.files import write_whole
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.events import Event, Failed, Result
from ..wire.protocol.pixels import PictureRef
from .bridge import Bridge
from .intake import Order
from .painting import Prepared, layer_alone, opened, painted, prepare
from .settings import Settings
from .tasks import CONTENT, LAYER, Task, Tasks
from .uploads import Uploads

log = logging.getLogger("scumble.gateway")
STYLES_SECONDS = 10.0  # for which the list of styles is not asked for again
SWEEP_SECONDS = 60.0


class Desk:
    """All that routes need. Pictures are decoded and encoded in one thread: that bounds memory, too."""

    def __init__(self, settings: Settings, version: str) -> None:
        self.settings, self.limits = settings, settings.limits
        self.uploads = Uploads(settings.folder / "uploads", self.limits)
        self.tasks = Tasks(settings.folder / "tasks", self.limits)
        self.bridge = Bridge(version, self._hear, self._lost)
        self._pictures = ThreadPoolExecutor(1, "pictures")
        self._styles: tuple[float, list[dict[str, Any]]] = (0.0, [])
        self._early: dict[str, Task] = {}  # on their way into the table
        self._chores: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin, in an event loop; take up what an earlier gateway left."""
        self.bridge.start()
        for task in self.tasks.unfinished():
            self._later(self._take_up(task))
        self._later(self._sweep())

    async def stop(self) -> None:
        """End. Jobs go on in the engine, and the next gateway hears of them."""
        for chore in list(self._chores):
            chore.cancel()
        await self.bridge.stop()
        self._pictures.shutdown(wait=False, cancel_futures=True)

    async def styles(self) -> list[dict[str, Any]]:
        """The engine's styles, each with a thumbnail where it has one."""
        at, known = self._styles
        if not known or time.monotonic() - at > STYLES_SECONDS:
            reply = await self.bridge.ask("styles", thumbnails=True)
            known = [s for s in reply.get("styles", []) if isinstance(s, dict)]
            self._styles = time.monotonic(), known
        return known

    async def take(self, order: Order, key: str) -> Task:
        """Begin a task. Raises `gateway-busy`, `picture-…`, `option-…`, `style-…`, `engine-…`."""
        self.tasks.check_room()
        known = {str(s.get("name", "")) for s in await self.styles()}
        made = await self._in_thread(prepare, order, self.limits.pixels, known)
        size = sum(memoryview(data).nbytes for data in made.blobs.values())
        self.tasks.check_room(size)
        found: list[Task] = []
        await self.bridge.submit(made.request, made.blobs, key, lambda job: found.append(self._named(job, order, made)))
        task = found[0]
        if self.tasks.find(task.id) is not task:
            task.bytes = size
            try:
                self.tasks.add(task, order.content)
            finally:
                self._early.pop(task.id, None)
        return task

    def _named(self, job: str, order: Order, made: Prepared) -> Task:
        """The task of a job: a new one, or that which the same Idempotency-Key began before."""
        known = self.tasks.find(job) or self._early.get(job)
        if known is not None:
            return known
        folder = self.tasks.folder / job
        self._early[job] = Task(job, folder, order.name, order.params.box, made.width, made.height)
        return self._early[job]

    async def cancel(self, task: Task) -> None:
        """Stop a task that has not ended. Raises `engine-…`."""
        try:
            await self.bridge.cancel(task.id)
        except ScumbleError as e:
            if e.code != "job-unknown":
                raise
            task.end(Failed(task.id, ScumbleError("cancelled")))

    async def file(self, task: Task, kind: str, part: str) -> bytes:
        """The painted picture, or the `layer` alone, as a file. Raises `task-unfinished`, `task-failed`."""
        if not task.finished:
            raise ScumbleError("task-unfinished", name=task.id, state=task.state)
        if task.state != "done":
            raise ScumbleError("task-failed", name=task.id, reason=task.error.get("sentence", ""))
        data: bytes = await self._in_thread(self._file, task, kind, part)
        return data

    def _file(self, task: Task, kind: str, part: str) -> bytes:
        """Made when it is first asked for, and kept."""
        kept = task.folder / f"{part}.{kind}"
        try:
            if kept.exists():
                return kept.read_bytes()
            content, raw = (task.folder / CONTENT).read_bytes(), (task.folder / LAYER).read_bytes()
        except OSError as e:
            raise ScumbleError("task-unknown", name=task.id) from e
        document = opened(content, task.name, task.box, self.limits.pixels)
        layer = Picture.from_raw(PictureRef.from_plain(task.picture), raw)
        data = layer_alone(document, layer) if part == "layer" else painted(document, layer, kind)
        with contextlib.suppress(OSError):
            write_whole(kept, data)
        return data

    def _hear(self, event: Event) -> None:
        task = self.tasks.find(event.job) or self._early.get(event.job)
        if task is None or task.finished:
            return
        if isinstance(event, Result):
            self._later(self._fetch(task, event))
        elif isinstance(event, Failed):
            task.bytes = 0
            self._later(self._end(task, event))
        else:
            task.hear(event)

    async def _fetch(self, task: Task, event: Result) -> None:
        """Bring the layer here, so that the engine need not keep it."""
        try:
            raw = await self.bridge.get(event.picture)
            task.folder.mkdir(mode=0o700, exist_ok=True)
            await asyncio.to_thread(write_whole, task.folder / LAYER, raw)
        except ScumbleError as e:
            await self._end(task, Failed(task.id, e))
        except OSError:
            await self._end(task, Failed(task.id, ScumbleError("disk-full")))
        else:
            await self._end(task, event)
            with contextlib.suppress(ScumbleError):
                await self.bridge.ask("forget", job=task.id)

    async def _end(self, task: Task, event: Result | Failed) -> None:
        while task.id in self._early:  # its content is being written
            await asyncio.sleep(0.01)
        task.bytes = 0
        try:
            task.end(event)
        except ScumbleError as e:
            log.warning("task %s: %s", task.id, e)

    def _lost(self, error: ScumbleError) -> None:
        """The connection is given up: the engine may still paint, so ask for each job anew."""
        for task in self.tasks.unfinished():
            self._later(self._take_up(task, 1.0))

    async def _take_up(self, task: Task, after: float = 0.0) -> None:
        await asyncio.sleep(after)
        try:
            await self.bridge.attach(task.id)
        except ScumbleError as e:
            if not task.finished:
                await self._end(task, Failed(task.id, e))

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.tasks.expire()
            self.uploads.expire()

    def _later(self, work: Any) -> None:
        chore = asyncio.ensure_future(work)
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)

    async def _in_thread(self, call: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pictures, call, *arguments)
