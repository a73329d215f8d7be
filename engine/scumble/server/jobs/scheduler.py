"""The scheduler: which worker takes which job, and what happens when one of them does not come back."""

from __future__ import annotations

import contextlib
import errno
import logging
import time
from collections.abc import Callable
from typing import Any

from ...wire.protocol.errors import PlainError, ScumbleError
from ..limits import CANCEL_SECONDS, QUICK_CANCEL_SECONDS, SHORT_SECONDS, YIELD_SECONDS
from ..logs import log_path
from .breaks import died, goes_on, kills, rest
from .costs import Costs
from .devices import Devices
from .jobs import Job, Jobs
from .placing import choose_place
from .pool import Pool, Worker

log = logging.getLogger("scumble.scheduler")
Publish = Callable[[Job, dict[str, Any], tuple[bytes, ...]], None]
Finished = Callable[[Job, dict[str, Any]], None]

MAX_STARTS = 2  # of workers that die before they are ready, for one job
SHORT = (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM)  # of which there may be enough in a moment
MAX_TRIES = {"memory": 3, "worker-died": 2}  # of a job that ended so; each is more frugal than the last


class Scheduler:
    """Queues per device. `publish` sends an event to a job's watchers; `on_result` keeps what a job produced.

    `costs` learns from jobs that ran alone, and tells how long the next will take.
    """

    def __init__(
        self, jobs: Jobs, pool: Pool, devices: Devices, costs: Costs, publish: Publish, on_result: Finished
    ) -> None:
        self.jobs, self.pool, self.devices, self.costs = jobs, pool, devices, costs
        self.publish, self.on_result = publish, on_result
        pool.on_message, pool.on_end = self._on_message, self._on_end

    def warm(self) -> None:
        """Start a worker when there is none, so that the first job finds it ready."""
        if not self.pool.workers:
            with contextlib.suppress(OSError):  # a job that needs it will tell
                self.pool.start(self.devices.default or "auto")

    def cancel(self, job: Job) -> str:
        """Stop a job; its state afterwards. A running one stops at its next step, or its worker is killed."""
        if job.state in ("queued", "paused"):
            self._fail(job, ScumbleError("cancelled").to_plain())
            self.dispatch()
        elif job.state in ("running", "pausing"):
            self.tell(job, "cancel", "cancelling", QUICK_CANCEL_SECONDS if job.quick else CANCEL_SECONDS)
        return job.state

    def tell(self, job: Job, what: str, state: str, patience: float) -> None:
        """Tell a job's worker that it is to stop (“cancel”, “pause”); one that does not within `patience` is killed."""
        job.state, job.deadline = state, time.monotonic() + patience
        worker = self.pool.running(job)
        if worker:
            worker.process.send({"type": what, "job": job.id})

    def tick(self, now: float) -> None:
        """Kill what did not obey, end what is idle."""
        self.pool.tick(now)
        self.dispatch()

    def dispatch(self) -> None:
        """Give waiting jobs, in their order, to workers that have room; start the workers they need."""
        awaited: list[Worker] = []
        for job in list(self.jobs.waiting):
            try:
                place = choose_place(job, self.devices.choices(job.request.device), self.pool, awaited)
                if place.worker is None:
                    self.pool.start(place.device)
                    awaited += self.pool.workers[-1:]
                elif place.worker.takes(job):
                    self._assign(job, place.worker)
                elif place.worker.job is not None and not (job.background or job.quick):
                    self._make_room(place.worker.job, place.worker)
            except ScumbleError as e:
                self._fail(job, e.to_plain())
            except OSError as e:
                self._cannot_start(job, e)
                break
        for position, job in enumerate(self.jobs.waiting):
            self._tell_place(job, position, self._waits_for(job) if position == 0 else "jobs")

    def _make_room(self, job: Job, worker: Worker) -> None:
        """Stop a job in the background, to be begun anew when those in front of it have ended."""
        soon_over = job.quick or 0 <= job.left < YIELD_SECONDS
        if job.background and job.state == "running" and not job.yielding and not soon_over:
            job.yielding, job.deadline = True, time.monotonic() + CANCEL_SECONDS
            worker.process.send({"type": "cancel", "job": job.id})

    def _tell_place(self, job: Job, position: int, waits_for: str) -> None:
        if (job.position, job.waits_for) != (position, waits_for):
            job.position, job.waits_for = position, waits_for
            readying = waits_for != "jobs"
            self.publish(job, {"type": "queued", "position": position, "readying": readying, "for": waits_for}, ())

    def _waits_for(self, job: Job) -> str:
        """What keeps the first job from being painted: see `Queued`."""
        worker = self.pool.on(self.devices.find(job.request.device))
        if worker is None:
            return "process" if job.short_since else "worker"
        if worker.job is None:
            return "worker"
        if worker.job.state == "cancelling":
            return "cancelled"
        if worker.job.yielding:
            return "background"
        return "preview" if worker.job.quick else "jobs"

    def _cannot_start(self, job: Job, error: OSError) -> None:
        """No process could be started. Where the system is short of something, the job waits a while for it."""
        now = time.monotonic()
        job.short_since = job.short_since or now
        if error.errno not in SHORT or now - job.short_since > SHORT_SECONDS:
            reason = f"no process could be started: {error.strerror}"
            self._fail(job, ScumbleError("internal", reason=reason, log=log_path()).to_plain())

    def _assign(self, job: Job, worker: Worker) -> None:
        self.jobs.waiting.remove(job)
        self._tell_place(job, 0, "worker")  # it may be about to warm up
        job.state, job.since, job.position = "running", time.monotonic(), -1
        job.tries += 1
        job.yielding, job.deadline, job.left = False, 0.0, -1.0
        job.kills = kills()
        job.pieces.clear()
        job.expected = self.costs.expect(job.request, worker.device)
        job.timing = job.timing.anew()
        job.alone = worker.guest is None and worker.job is None
        beside = worker.job is not None
        if worker.job is not None:
            worker.guest, worker.job.alone = job, False
        else:
            worker.state, worker.job = "busy", job
        plain = job.request.to_plain()
        task = {"request": plain, "key": job.result_key, "level": job.level, "beside": beside, "quick": job.quick}
        worker.process.send({"type": "run", "job": job.id, **task})

    def _on_message(self, worker: Worker, message: dict[str, Any]) -> None:
        kind, name = message.pop("type", ""), message.pop("job", "")
        job = next((j for j in worker.jobs if j.id == name), None)
        worker.memory = message.pop("memory", worker.memory)
        if kind == "ready":
            self.devices.learn(message.get("devices") or [])
            self.dispatch()
        elif job is None:
            return
        elif kind == "piece":
            job.pieces.append(message["data"])
        elif kind == "kept":
            job.further = job.further or not (message.get("first") and job.breaks)
        elif kind == "result":
            self._learn(worker, job, message.pop("peak", 0), message.pop("resumed", False))
            self._release(worker, job)
            self._done(job, message)
        elif kind == "failed":
            self._release(worker, job)
            self._failed(job, message["error"])
        elif kind in ("started", "fetching", "preparing", "progress", "preview") and job.state == "running":
            raw = (message.pop("rgb"),) if kind == "preview" else ()
            if kind not in ("preview", "fetching", "preparing"):
                message["seconds_left"] = job.seconds_left(message.get("step", 0), message.get("of", 0), message)
            self.publish(job, {"type": kind, **message}, raw)

    def _learn(self, worker: Worker, job: Job, peak: int, resumed: bool) -> None:
        """A job that ran alone, at its first try and from its beginning, tells what the next of its kind will take."""
        if job.alone and job.tries == 1 and job.state == "running" and not resumed:
            self.costs.learn(job.request, worker.device, time.monotonic() - job.since, peak, job.timing)

    def _release(self, worker: Worker, job: Job) -> None:
        if job is worker.guest:
            worker.guest = None
        else:
            worker.job = None
        if not worker.jobs:
            worker.state, worker.idle_since = "idle", time.monotonic()

    def _done(self, job: Job, message: dict[str, Any]) -> None:
        event = {"type": "result", **message, "seconds": time.monotonic() - job.since, "cached": False}
        self.on_result(job, event)
        if job.state == "cancelling":  # it was too late to stop, but the user said so
            self._fail(job, ScumbleError("cancelled").to_plain())
        else:
            job.state, job.seconds, job.since = "done", event["seconds"], time.monotonic()
            self.publish(job, event, ())
        self.dispatch()

    def _failed(self, job: Job, error: PlainError) -> None:
        """A job's worker gave up on it, or died of it: once more with less memory, or the end."""
        if job.state == "cancelling":
            self._fail(job, ScumbleError("cancelled").to_plain())
        elif job.state == "pausing" and error["code"] in ("cancelled", "worker-died"):
            job.tries -= 1
            rest(self, job)
        elif job.yielding:
            job.state, job.tries = "queued", job.tries - 1
            self.jobs.enqueue(job, again=True)
        elif goes_on(job, error):
            log.warning("job %s: %s It goes on where it was kept.", job.id, error["sentence"])
            job.tries -= 1
            job.state = "queued"
            self.jobs.enqueue(job, again=True)
        elif job.tries < MAX_TRIES.get(error["code"], 0):
            log.warning("job %s: %s Trying again with plan %d.", job.id, error["sentence"], job.level + 1)
            job.level += 1
            job.state = "queued"
            self.jobs.enqueue(job, again=True)
        else:
            self._fail(job, error)
        self.dispatch()

    def _fail(self, job: Job, error: PlainError) -> None:
        if job in self.jobs.waiting:
            self.jobs.waiting.remove(job)
        if job.state != "queued":
            job.seconds = time.monotonic() - job.since
        job.state, job.since = "cancelled" if error["code"] == "cancelled" else "failed", time.monotonic()
        self.publish(job, {"type": "failed", "error": error}, ())

    def _on_end(self, worker: Worker, reason: str) -> None:
        """A worker is gone. One that never got ready counts against the job it was for, and against no other."""
        if worker.jobs:
            log.warning("worker %d on %s died: %s", worker.process.pid, worker.device, reason)
            for job in reversed(worker.jobs):  # the guest's place in the queue is behind the long one's
                self._failed(job, died(reason))
            return
        if worker.state == "starting":
            log.warning("worker %d did not start: %s", worker.process.pid, reason)
            self._blame(worker.device, reason)
        self.dispatch()

    def _blame(self, device: str, reason: str) -> None:
        """Count a failed start against the job that waited for it; too many of them end that job."""
        first = next((j for j in self.jobs.waiting if device in ("auto", self.devices.find(j.request.device))), None)
        if first is not None:
            first.starts += 1
            if first.starts >= MAX_STARTS:
                self._fail(first, died(reason))
