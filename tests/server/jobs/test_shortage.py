"""No process can be started just now: a job waits for it, and only so long."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scumble.server.jobs import scheduler as scheduler_module
from scumble.server.jobs.costs import Costs
from scumble.server.jobs.devices import Devices
from scumble.server.jobs.jobs import Job, Jobs
from scumble.server.jobs.pool import Pool
from scumble.server.jobs.scheduler import Scheduler
from scumble.wire import Request, Result, Style

from ..running import Running, ask, submit, wait_for_end


@pytest.mark.parametrize(("number", "waits"), [(errno.EMFILE, True), (errno.EAGAIN, True), (errno.ENOENT, False)])
def test_what_is_short_is_waited_for(number: int, waits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, pool, told = Jobs(), Pool([], 60.0), []

    def start(device: str) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(pool, "start", start)
    devices, costs = Devices(("cpu",)), Costs(tmp_path / "costs.json")
    scheduler = Scheduler(jobs, pool, devices, costs, lambda job, event, raw: told.append(event), lambda *_: None)
    job = Job(Request(styles=(Style("scream"),)), "key")
    jobs.add(job)
    jobs.waiting.append(job)
    scheduler.dispatch()
    assert (job.state == "queued") == waits
    monkeypatch.setattr(scheduler_module, "SHORT_SECONDS", -1.0)
    scheduler.dispatch()
    assert job.state == "failed" and os.strerror(number) in told[-1]["error"]["sentence"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes another process's files away")
def test_a_job_sent_while_the_front_has_no_files_is_done(start: Callable[..., Running]) -> None:
    import resource

    engine = start("--worker-idle-minutes", "10")
    client, a = engine.client(), ask()
    engine.worker("idle")
    front = engine.process.pid
    usual = resource.prlimit(front, resource.RLIMIT_NOFILE)
    resource.prlimit(front, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{front}/fd")), usual[1]))
    try:
        os.kill(client.status()["workers"][0]["pid"], 9)  # its place cannot be taken now
        client.poll(0.5)
    finally:
        resource.prlimit(front, resource.RLIMIT_NOFILE, usual)
    _, end = wait_for_end(client, submit(client, a), 60)
    assert isinstance(end, Result)


def test_the_log_that_errors_name_is_there(start: Callable[..., Running]) -> None:
    engine = start()
    assert Path(engine.client().info["log"]).is_file()
