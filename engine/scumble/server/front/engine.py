"""The engine without its socket: stores, jobs, clients and workers, and what passes between them."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Hashable
from typing import Any

from ...wire.engine.folders import cache_folder
from ...wire.protocol.messages import SILENT_SECONDS
from ..jobs.costs import Costs
from ..jobs.devices import Devices
from ..jobs.jobs import Job, Jobs
from ..jobs.pool import Pool
from ..jobs.scheduler import Scheduler
from ..limits import EXIT_SECONDS, FETCH_SECONDS, PROBE_SECONDS, SWEEP_SECONDS
from ..settings import Settings
from ..store.results import Results
from ..store.store import BlobStore
from ..store.uploads import Uploads
from ..trainings.trainings import Trainings
from ..version import VERSION
from .clients import Clients, ConnectedClient, Frames
from .retirement import QUIET_SECONDS, Retirement

PAST = {  # what is no longer true when an event comes
    "started": ("fetching", "preparing", "progress"),
    "fetching": ("preparing",),
    "preparing": ("fetching",),
    "progress": ("fetching", "preparing"),
}
# Of these a newer one takes the place of one that waits to be sent.
REPLACEABLE = ("fetching", "preparing", "progress", "preview", "queued")


class Engine:
    """Everything an engine has. `wake` is called when something waits to be sent, `hang_up` to end a connection."""

    def __init__(
        self, settings: Settings, wake: Callable[[], None], hang_up: Callable[[ConnectedClient], None]
    ) -> None:
        self.settings, self.wake, self._hang_up = settings, wake, hang_up
        self.started = self.active = time.monotonic()
        self.stopping = self.hasty = False
        self._patience = float("inf")  # of a shutdown, with jobs that do not stop
        self._stopping_since = self._swept = 0.0
        self._retirement = Retirement()
        self.clients, self.jobs = Clients(), Jobs()
        self.store = BlobStore(cache_folder(), settings.store_bytes, self.jobs.pinned)
        self.uploads, self.results = Uploads(self.store), Results(self.store)
        self.devices = Devices(settings.devices)
        folder, module = str(self.store.folder), settings.method_module
        extensions = [word for name in settings.extensions for word in ("--extension", name)]
        arguments = ["--store", folder, "--method-module", module, *extensions]
        pool = Pool(arguments, settings.worker_idle_minutes * 60)
        costs = Costs(cache_folder() / "costs.json")
        self.trainings = Trainings(settings.training_module, self._somebody_waits)
        self.scheduler = Scheduler(self.jobs, pool, self.devices, costs, self.publish, self._keep)

    @property
    def pool(self) -> Pool:
        """The workers."""
        return self.scheduler.pool

    @property
    def ended(self) -> bool:
        """Whether a shutdown was asked for and nothing is left to do."""
        now = time.monotonic()
        if not self.stopping or now > self._patience:
            return self.stopping
        return not self.jobs.unfinished() and (self.hasty or not self._owes(now))

    def send(self, client: ConnectedClient, frames: Frames, name: Hashable = None) -> None:
        """Put a message in a client's outbox; a client that does not read is gone."""
        if not client.put(lambda: frames, name):
            self.leave(client)
        self.wake()

    def publish(self, job: Job, header: dict[str, Any], raw: tuple[bytes, ...] = ()) -> None:
        """Send an event to everyone who watches the job, and keep it for those who will."""
        kind = header["type"]
        for past in PAST.get(kind, ()):
            job.last.pop(past, None)
        job.last[kind] = ({**header, "job": job.id}, raw)
        if job.finished:
            job.last = {k: v for k, v in job.last.items() if k in (kind, "progress")}
        for identity in list(job.watchers):
            client = self.clients.get(identity)
            if client:
                self.send(client, job.last[kind], (kind, job.id) if kind in REPLACEABLE else None)

    def watch(self, job: Job, client: ConnectedClient) -> None:
        """Send a job's events to this client from now on, what it needs to know of the past first."""
        job.watchers.add(client.identity)
        kinds = ["result", "failed"] if job.finished else ["started", "fetching", "preparing", "progress", "preview"]
        if job.state in ("queued", "paused"):
            kinds = [job.state]
        for event in (job.last[k] for k in kinds if k in job.last):
            self.send(client, event)

    def leave(self, client: ConnectedClient) -> None:
        """A client is gone: nothing is sent to it any more. One that is not gone connects and greets again."""
        self.clients.forget(client)
        self._hang_up(client)
        for job in self.jobs:
            if client.identity in job.watchers:
                job.watchers.remove(client.identity)
                job.patience = client.patience
                self._check_company(job, time.monotonic())

    def fetched(self, client: ConnectedClient, digest: str) -> None:
        """A client has fetched all of a result: it waits for nothing more."""
        owed = False
        for job in self.jobs:
            if job.state == "done" and digest in job.pinned():
                job.watchers.discard(client.identity)
                owed = owed or bool(job.watchers)
        if not owed:
            self.store.hand_over(digest)

    def retire(self, version: str) -> bool:
        """Whether this engine ends now for its successor, which a client of `version` asks for."""
        kept = any(j.state == "done" and j.outlive for j in self.jobs)
        idle = not self.jobs.unfinished() and not kept and not self._owes(time.monotonic())
        if self._retirement.claim(version) and idle:
            self.shut_down(now=False)
        return self.stopping

    def shut_down(self, now: bool) -> None:
        """Take no more jobs and end with the last; with `now` they are cancelled."""
        self._stopping_since = self._stopping_since or time.monotonic()
        self.stopping = True
        for job in self.jobs.unfinished():
            if job.state in ("pausing", "paused"):  # what was kept of it stays
                self.scheduler.cancel(job)
        if now:
            self.hasty = True
            self._patience = time.monotonic() + EXIT_SECONDS
            for job in self.jobs.unfinished():
                self.scheduler.cancel(job)

    def tick(self, now: float) -> None:
        """Housekeeping, some times a second."""
        for client in self.clients.expired(now):
            self.leave(client)
        for job in list(self.jobs):
            if not job.finished:
                self._check_company(job, now)
            if not job.finished or (self.stopping and job.state == "done"):
                self._probe(job, now)
        self.jobs.expire(now)
        self.store.release(self.jobs.pinned())
        self.uploads.expire(now)
        if now - self._swept > SWEEP_SECONDS:
            self._swept = now
            self.store.sweep()
        self.scheduler.tick(now)
        self.trainings.tick(now)
        if self.trainings.busy or self.jobs.unfinished() or any(j.state == "done" for j in self.jobs):
            self.active = now
        if self._retirement.orphaned and not self.hasty:
            self.shut_down(now=True)
        unused = now - self.active
        if unused > self.settings.idle_minutes * 60 or (unused > QUIET_SECONDS and self._retirement.due(now)):
            self.shut_down(now=False)

    def status(self) -> dict[str, Any]:
        """The answer to `status`."""
        busy = any(w.state == "busy" for w in self.pool.workers)
        return {
            "state": "stopping" if self.stopping else "busy" if busy else "idle",
            "version": VERSION,
            "pid": os.getpid(),
            "uptime": time.monotonic() - self.started,
            "jobs": self.jobs.counts(),
            "workers": [w.to_plain() for w in self.pool.workers],
            "store": {"bytes": self.store.used, "blobs": len(self.store)},
        }

    def close(self) -> None:
        """End the workers; nothing of the engine runs after this."""
        self.pool.close()
        self.trainings.close()
        self.uploads.drop_all()
        with contextlib.suppress(OSError):
            self.store.sweep()
        self.store.close()

    def _somebody_waits(self) -> bool:
        """Whether a picture is painted, or waits to be, that does not itself give way."""
        return any(not j.background and j.state != "paused" for j in self.jobs.unfinished())

    def _owes(self, now: float) -> bool:
        """Whether a client that is still there has not fetched a result; not for long after the job or the shutdown."""
        for job in self.jobs:
            if job.state == "done" and now - max(job.since, self._stopping_since) <= FETCH_SECONDS:
                clients = (self.clients.get(identity) for identity in job.watchers)
                if any(c and now - c.seen <= SILENT_SECONDS for c in clients):
                    return True
        return False

    def _check_company(self, job: Job, now: float) -> None:
        """Cancel a job whose clients are all gone: their connections broke, or they say nothing any more."""
        clients = (self.clients.get(identity) for identity in job.watchers)
        if job.outlive or job.finished or any(c and now - c.seen <= SILENT_SECONDS for c in clients):
            job.alone_since = 0.0
        elif not job.alone_since:
            job.alone_since = now
        elif now - job.alone_since > job.patience:
            self.scheduler.cancel(job)

    def _probe(self, job: Job, now: float) -> None:
        """Tell those who watch a slow job that it goes on: a message that cannot be sent shows who is gone."""
        for client in filter(None, map(self.clients.get, list(job.watchers))):
            if now - client.told >= PROBE_SECONDS and not client.outbox:
                self.send(client, ({"type": "alive", "job": job.id}, ()), ("alive", job.id))

    def _keep(self, job: Job, event: dict[str, Any]) -> None:
        """Count a result that a worker has put into the store, or keep it here, and remember what it answers."""
        digest, size = event["picture"]["digest"], event.pop("size")
        if event.pop("held", False):
            self.store.hold(digest, b"".join(job.pieces))
        else:
            self.store.add(digest, size)
        job.pieces.clear()
        self.results.remember(job.result_key, event)
        self.store.trim()
