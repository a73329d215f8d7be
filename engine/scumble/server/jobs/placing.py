"""Which of several like devices takes a job: one that is free, one whose worker has yet to start, or the least bad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .jobs import Job
from .pool import Pool, Worker


class Place(NamedTuple):
    """A device, and its worker; None where it is to be started."""

    device: str
    worker: Worker | None


def choose_place(job: Job, devices: Sequence[str], pool: Pool, awaited: list[Worker]) -> Place:
    """The best of `devices` for `job`. `awaited` are workers that start for jobs before it; its own joins them.

    A quick job goes beside a long one only where no device is free, and has no worker started for it then.
    """
    places = [Place(device, pool.on(device)) for device in devices]
    takes = [p for p in places if p.worker is not None and p.worker.takes(job)]
    if takes:
        return next((p for p in takes if p.worker is not None and p.worker.job is None), takes[0])
    for place in places:
        worker = place.worker
        if worker is not None and worker.state == "starting" and worker not in awaited:
            awaited.append(worker)
            return place
    yields = [p for p in places if p.worker is not None and p.worker.job is not None and p.worker.job.background]
    return next((p for p in places if p.worker is None), next(iter(yields), places[0]))
