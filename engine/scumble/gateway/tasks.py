"""Tasks: one call each, from its body to the painted picture; on disk, so that they outlive the gateway."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from ..picture.files import write_whole
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.events import Event, Failed, Fetching, Preview, Progress, Queued, Result, Started
from .settings import Limits

ID = re.compile(r"[0-9a-f]{16}")
ENDS = ("done", "failed", "cancelled")
RECORD, CONTENT, LAYER = "task.json", "content", "layer"  # files in a task's folder


@dataclass
class Task:
    """One call. `told` holds the newest event of each kind with its number; who watches waits on `changed`."""

    id: str
    folder: Path
    name: str
    box: tuple[int, int]
    width: int
    height: int
    created: float = field(default_factory=time.time)
    ended: float = 0.0
    state: str = "queued"  # queued, running, done, failed, cancelled
    bytes: int = 0  # of pixels that are kept for it until it ends
    result: dict[str, Any] = field(default_factory=dict)  # seconds, device, …, of one that is done
    picture: dict[str, Any] = field(default_factory=dict)  # of the layer, as `PictureRef.to_plain` says it
    error: dict[str, Any] = field(default_factory=dict)
    told: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    number: int = 0  # of the last event
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ENDS

    def tell(self, kind: str, **fields: Any) -> None:
        """Tell the watchers something; it replaces what was told before of the same kind."""
        self.number += 1
        self.told.pop(kind, None)
        self.told[kind] = (self.number, fields)
        changed, self.changed = self.changed, asyncio.Event()
        changed.set()

    def hear(self, event: Event) -> None:
        """Tell watchers of an event of the job, but for its end."""
        if isinstance(event, Queued):
            self.state = "queued"
            self.tell("queued", position=event.position)
        elif isinstance(event, (Started, Progress, Fetching)):
            self.state = "running"
            fields = {k: v for k, v in vars(event).items() if k not in ("job", "plan")}
            self.tell(type(event).__name__.lower(), **fields)
        elif isinstance(event, Preview):
            self.tell("preview", image=_data_url(event))

    def end(self, event: Result | Failed) -> None:
        """Note what came of it, on disk too."""
        self.ended = time.time()
        if isinstance(event, Result):
            self.state = "done"
            names = ("seconds", "steps", "device", "model", "cached")
            self.result = {k: getattr(event, k) for k in names}
            self.result["notes"] = [note.sentence for note in event.notes]
            self.picture = event.picture.to_plain()
        else:
            self.state = "cancelled" if event.error.code == "cancelled" else "failed"
            self.error = event.error.to_plain()
        self.write()
        for kind in ("queued", "started", "progress", "fetching", "preview"):
            self.told.pop(kind, None)
        self.tell(self.state, **self.plain())

    def plain(self) -> dict[str, Any]:
        """As callers see it."""
        base = f"/v1/tasks/{self.id}"
        told: dict[str, Any] = {
            "task_id": self.id,
            "status": self.state,
            "name": self.name,
            "created": self.created,
            "width": self.width,
            "height": self.height,
            "links": {"self": base, "events": f"{base}/events", "result": f"{base}/result"},
        }
        for kind, keys in (("queued", ("position",)), ("progress", ("step", "of", "seconds_left"))):
            if kind in self.told and not self.finished:
                told.update({k: self.told[kind][1][k] for k in keys})
        told.update({"result": self.result} if self.result else {})
        told.update({"error": self.error} if self.error else {})
        return told

    def write(self) -> None:
        """Keep the record. Raises `disk-full`."""
        kept = ("id", "name", "box", "width", "height", "created", "ended", "state", "result", "picture", "error")
        try:
            write_whole(self.folder / RECORD, json.dumps({k: getattr(self, k) for k in kept}).encode())
        except OSError as e:
            raise ScumbleError("disk-full") from e


class Tasks:
    """All tasks that are known."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder, self.limits = folder, limits
        self._tasks: dict[str, Task] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in sorted(folder.iterdir(), key=lambda p: p.stat().st_mtime):
            task = _read(path)
            if task is not None:
                self._tasks[task.id] = task
            else:
                shutil.rmtree(path, ignore_errors=True)

    def __iter__(self) -> Iterator[Task]:
        return iter(list(self._tasks.values()))

    def get(self, name: str) -> Task:
        """Raises `task-unknown`."""
        task = self._tasks.get(name)
        if task is None:
            raise ScumbleError("task-unknown", name=name[:40])
        return task

    def find(self, name: str) -> Task | None:
        """A task, or none."""
        return self._tasks.get(name)

    def unfinished(self) -> list[Task]:
        """Those that wait or run."""
        return [t for t in self if not t.finished]

    def check_room(self, more: int = 0) -> None:
        """Raise `gateway-busy` where too much waits; `more` are the bytes of one more task's pixels."""
        waiting = self.unfinished()
        held = sum(t.bytes for t in waiting)
        if len(waiting) >= self.limits.waiting or (held and held + more > self.limits.waiting_bytes):
            raise ScumbleError("gateway-busy")

    def add(self, task: Task, content: bytes) -> None:
        """Take in a task. Raises `disk-full`."""
        try:
            task.folder.mkdir(mode=0o700, exist_ok=True)
            write_whole(task.folder / CONTENT, content)
        except OSError as e:
            raise ScumbleError("disk-full") from e
        task.write()
        self._tasks[task.id] = task
        self.expire()

    def remove(self, task: Task) -> None:
        """Forget a task and what it made."""
        self._tasks.pop(task.id, None)
        shutil.rmtree(task.folder, ignore_errors=True)

    def expire(self) -> None:
        """Drop what ended long ago, and the oldest of too many."""
        ended = [t for t in self if t.finished]
        old = [t for t in ended if t.ended < time.time() - self.limits.kept_seconds]
        for task in {t.id: t for t in [*old, *ended[: max(0, len(ended) - self.limits.kept)]]}.values():
            self.remove(task)


def _read(folder: Path) -> Task | None:
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        plain = json.loads((folder / RECORD).read_text("utf-8"))
        if ID.fullmatch(folder.name) and plain.pop("id") == folder.name and (folder / CONTENT).exists():
            task = Task(id=folder.name, folder=folder, **{**plain, "box": tuple(plain["box"])})
            if task.finished:
                task.tell(task.state, **task.plain())
            return task
    return None


def _data_url(event: Preview) -> str:
    """A preview as a small JPEG in a data URL."""
    out = io.BytesIO()
    size = (event.format.width, event.format.height)
    Image.frombytes("RGB", size, event.pixels).save(out, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
