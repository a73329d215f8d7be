"""The worker processes: at most one per device, started when needed, ended when idle."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..limits import EXIT_SECONDS
from .jobs import Job
from .process import WorkerProcess


@dataclass
class Worker:
    """A worker process and what it is doing: starting, idle, busy or ending.

    While it is busy with a long `job` it takes a quick one beside it, its `guest`: nobody waits minutes for a preview.
    """

    device: str  # “auto” until it has chosen
    process: WorkerProcess
    state: str = "starting"
    job: Job | None = None
    guest: Job | None = None
    memory: int = 0  # bytes
    idle_since: float = field(default_factory=time.monotonic)
    deadline: float = 0.0  # of its end; 0: none

    @property
    def jobs(self) -> list[Job]:
        """What it computes."""
        return [j for j in (self.job, self.guest) if j]

    def takes(self, job: Job) -> bool:
        """Whether it has room for `job`. One on its second try runs alone: its guest may have been to blame."""
        if self.job is None:
            return self.state in ("idle", "busy")
        return job.quick and self.guest is None and not self.job.quick and self.job.tries == 1

    def overdue(self, now: float) -> bool:
        """Whether it did not stop when it was told. A guest that does not stop may stay while a job runs beside it."""
        told = self.job or self.guest or self
        return 0 < told.deadline < now

    def to_plain(self) -> dict[str, Any]:
        """A line of `status`."""
        return {"device": self.device, "state": self.state, "pid": self.process.pid, "memory": self.memory}


class Pool:
    """All workers. `arguments` go to each; `on_message` and `on_end` are set by the scheduler."""

    on_message: Callable[[Worker, dict[str, Any]], None]
    on_end: Callable[[Worker, str], None]

    def __init__(self, arguments: list[str], idle_seconds: float) -> None:
        self.workers: list[Worker] = []
        self.arguments, self.idle_seconds = arguments, idle_seconds
        self.closed = False

    def on(self, device: str) -> Worker | None:
        """The worker of a device. While one still looks which device is best, everyone waits for it."""
        looking = next((w for w in self.workers if w.device == "auto" and w.state == "starting"), None)
        return looking or next((w for w in self.workers if w.device == device and w.state != "ending"), None)

    def running(self, job: Job) -> Worker | None:
        """The worker that has `job`."""
        return next((w for w in self.workers if job in w.jobs), None)

    def start(self, device: str) -> None:
        """Start a worker for `device`; “auto” lets it look and choose. Raises `OSError` where none can be started."""
        if self.closed:
            return
        process = WorkerProcess(["--device", device, *self.arguments], self._message, self._end)
        self.workers.append(Worker(device, process))

    def tick(self, now: float) -> None:
        """Kill those past their deadline; ask those idle for long to end, to give memory back."""
        for worker in self.workers:
            if worker.overdue(now):
                worker.process.kill()
            elif worker.state == "idle" and now - worker.idle_since > self.idle_seconds:
                self._retire(worker, now)

    def close(self) -> None:
        """End all workers and wait for them."""
        self.closed = True
        for worker in self.workers:
            worker.process.kill() if worker.jobs else worker.process.close()
        for worker in self.workers:
            worker.process.join(EXIT_SECONDS)

    def _retire(self, worker: Worker, now: float) -> None:
        worker.state, worker.deadline = "ending", now + EXIT_SECONDS
        worker.process.close()

    def _message(self, process: WorkerProcess, message: dict[str, Any]) -> None:
        worker = next((w for w in self.workers if w.process is process), None)
        if worker is None:
            return
        if message.get("type") == "ready" and worker.state == "starting":
            worker.state, worker.device = "idle", str(message.get("device", worker.device))
            worker.idle_since = time.monotonic()
        self.on_message(worker, message)

    def _end(self, process: WorkerProcess, reason: str) -> None:
        worker = next((w for w in self.workers if w.process is process), None)
        if worker:
            self.workers.remove(worker)
            self.on_end(worker, reason)
