"""What a job costs beside its computation: from submit to the picture, through the real client and a warm engine."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import numpy as np
import pytest

from scumble.server.jobs.costs import Costs
from scumble.server.jobs.devices import Devices
from scumble.server.jobs.jobs import Job, Jobs
from scumble.server.jobs.pool import Pool, Worker
from scumble.server.jobs.scheduler import Scheduler
from scumble.wire import PictureRef, PixelFormat, Request, Result, digest_of

from ..running import Ask, Running, ask, submit, wait_for_end, wait_until
from ..slow_method import COLLECT_SECONDS


def selected(side: int) -> Ask:
    """A request that computes nothing, over a square picture of its own with a selection."""
    a = ask(steps=0, size=(side, side))
    mask = np.tri(side, dtype=np.uint8).tobytes()
    ref = PictureRef(digest_of(mask), PixelFormat(side, side, 1), 5, 7)
    return Ask(dataclasses.replace(a.request, selection=ref), {**a.blobs, ref.digest: mask}, a.pixels)


@pytest.mark.parametrize(("side", "most"), [(384, 0.06), (1024, 0.25)])
def test_a_job_without_computation_comes_back_at_once(engine: Running, side: int, most: float) -> None:
    client, took = engine.client(), []
    engine.worker("idle")
    for a in [selected(side) for _ in range(6)]:
        began = time.perf_counter()
        ref, data, _ = client.run(a.request, a.blobs)
        took.append(time.perf_counter() - began)
        assert ref.format is not None and len(data) == ref.format.nbytes == side * side * 4
    assert min(took) < most, "a busy machine is no failure, so the best counts"


def test_a_result_does_not_wait_for_the_worker_to_tidy_up(engine: Running) -> None:
    client = engine.client()
    engine.worker("idle")
    began = time.monotonic()
    _, end = wait_for_end(client, submit(client, ask(steps=1, how="collect slowly")))
    assert isinstance(end, Result) and time.monotonic() - began < COLLECT_SECONDS * 0.8
    _, end = wait_for_end(client, submit(client, ask(steps=1)))
    assert isinstance(end, Result) and time.monotonic() - began > COLLECT_SECONDS, "but the next job does"
    log = engine.folder / "logs" / "engine.log"
    wait_until(lambda: log.exists() and "collected" in log.read_text("utf-8"))


def test_memory_told_between_jobs_leaves_the_next_one_alone(tmp_path: Path) -> None:
    told: list[object] = []
    pool = Pool([], 60.0)
    Scheduler(
        Jobs(),
        pool,
        Devices(("cpu",)),
        Costs(tmp_path / "costs.json"),
        lambda *event: told.append(event),
        lambda *end: told.append(end),
    )
    job = Job(Request(), "", state="running")
    worker = Worker("cpu", None, "busy", job)  # type: ignore[arg-type]
    pool.on_message(worker, {"type": "memory", "memory": 5})
    assert (worker.memory, worker.state, worker.job, job.state, told) == (5, "busy", job, "running", [])


def test_what_was_imported_is_not_collected_again(engine: Running) -> None:
    client = engine.client()
    _, end = wait_for_end(client, submit(client, ask(how="count frozen")))
    assert isinstance(end, Result) and int(end.model.split()[0]) > 10_000
