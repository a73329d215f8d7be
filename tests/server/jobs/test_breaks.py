"""Jobs that are broken off, by a kill, with their engine or by Pause: they go on where they were kept."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

import pytest

from scumble.cli.entry import main
from scumble.server.jobs import breaks
from scumble.server.jobs.breaks import GOING_ON, died, goes_on
from scumble.server.jobs.jobs import Job
from scumble.wire import Client, Failed, Paused, Progress, Request, Result, Started
from scumble.wire.protocol.errors import ScumbleError

from ..running import Ask, Running, ask, submit, wait_for_end, wait_until

KILLED = pytest.mark.skipif(sys.platform == "win32", reason="no such signals")


@pytest.fixture(autouse=True)
def at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCUMBLE_KEEP_SECONDS", "0")


@pytest.fixture(scope="module")
def keeping(start: Callable[..., Running]) -> Running:
    """One engine, which keeps at every step, for tests that let it live."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCUMBLE_KEEP_SECONDS", "0")
        return start()


def kept(steps: int = 60, how: str = "kept") -> Ask:
    return ask(steps, how=how, size=(640, 480))  # no quick one, which nobody keeps


def reach(client: Client, step: int) -> None:
    wait_until(lambda: any(isinstance(e, Progress) and e.step >= step for e in client.poll(0.1)), 120)


def begun(end: object) -> int:
    assert isinstance(end, Result), end
    assert end.model.startswith("plan 0 from "), "as large as it was asked for"
    return int(end.model.rsplit(" ", 1)[1])


@KILLED
def test_a_killed_worker_costs_no_step_that_was_kept(keeping: Running) -> None:
    engine, client = keeping, keeping.client()
    job = submit(client, kept())
    for step in (8, 20, 30):
        reach(client, step)
        os.kill(engine.worker("busy")["pid"], signal.SIGKILL)
    _, end = wait_for_end(client, job, 120)
    assert begun(end) >= 29
    assert not list((engine.folder / "cache" / "unfinished").iterdir()), "what has ended leaves nothing"


@KILLED
def test_a_killed_engine_costs_no_step_that_was_kept(start: Callable[..., Running]) -> None:
    first, a = start(), kept()
    client = first.client()
    submit(client, a)
    reach(client, 12)
    first.process.kill()
    first.ended()
    again = start(folder=first.folder)
    other = again.client()
    _, end = wait_for_end(other, submit(other, a), 120)
    assert begun(end) >= 11


@KILLED
def test_a_job_that_comes_no_further_is_tried_with_less_and_ends(keeping: Running) -> None:
    client = keeping.client()
    events, end = wait_for_end(client, submit(client, kept(how="kept and dies at once")), 120)
    assert isinstance(end, Failed) and end.error.code == "worker-died"
    assert [e.plan for e in events if isinstance(e, Started)] == [0, 0, 1]


def test_pause_gives_the_worker_away_and_resume_goes_on(keeping: Running) -> None:
    engine, client = keeping, keeping.client()
    job = submit(client, kept())
    reach(client, 5)
    assert client.pause(job) == "pausing"
    wait_until(lambda: any(isinstance(e, Paused) and e.job == job for e in client.poll(0.1)))
    assert client.status()["jobs"]["paused"] == 1 and engine.worker("idle")
    between = submit(client, ask(steps=2))
    assert isinstance(wait_for_end(client, between)[1], Result), "another has its turn meanwhile"
    assert client.pause(job) == "paused" and client.resume(job) in ("queued", "running")
    events, end = wait_for_end(client, job, 120)
    assert begun(end) >= 5 and any(isinstance(e, Started) for e in events)
    assert client.resume(job) == client.pause(job) == "done"


def test_the_command_line_pauses_and_resumes(
    keeping: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = keeping
    for name in ("runtime", "data", "cache", "logs"):
        monkeypatch.setenv(f"SCUMBLE_{name.upper()}", str(engine.folder / name))
    assert main(["resume"]) == 0 and "no paused job" in capsys.readouterr().out
    client = engine.client()
    job = submit(client, kept())
    reach(client, 2)
    assert main(["pause"]) == 0 and job in capsys.readouterr().out
    wait_until(lambda: any(isinstance(e, Paused) for e in client.poll(0.1)))
    assert main(["status"]) == 0 and "1 paused" in capsys.readouterr().out
    assert main(["resume", job]) == 0 and "Goes on" in capsys.readouterr().out
    assert begun(wait_for_end(client, job, 120)[1]) >= 2
    assert main(["pause", "0" * 16]) == 1 and "job-unknown" in capsys.readouterr().err


def test_what_waits_is_paused_at_once_and_a_paused_one_can_be_cancelled(keeping: Running) -> None:
    client = keeping.client()
    long, waits = submit(client, kept(steps=400)), submit(client, kept(steps=3, how="kept too"))
    reach(client, 1)
    assert client.pause(waits) == "paused"
    assert client.cancel(long) == "cancelling"
    wait_for_end(client, long)
    assert next(j for j in client.jobs() if j["job"] == waits)["state"] == "paused"
    told = client.attach(waits)
    assert told == "paused"
    assert client.cancel(waits) == "cancelled"
    assert isinstance(wait_for_end(client, waits)[1], Failed)


def test_a_paused_job_does_not_keep_an_engine_that_is_to_end(start: Callable[..., Running]) -> None:
    engine = start()
    client = engine.client()
    job = submit(client, kept(steps=400))
    assert client.pause(job) in ("paused", "pausing")
    client.shutdown(False)
    assert engine.ended(60) == 0


@KILLED
def test_the_real_method_is_killed_and_paints_the_same(start: Callable[..., Running]) -> None:
    engine = start(method=["--device", "cpu"])
    a, client = ask(3, how="starry-night", size=(96, 64), min_size=64), engine.client()
    whole = wait_for_end(client, submit(client, a), 120)[1]
    assert isinstance(whole, Result)
    client.shutdown(True)
    engine.ended(30)

    other = start(method=["--device", "cpu"])
    client = other.client()
    job = submit(client, a)
    reach(client, 3)
    os.kill(other.worker("busy")["pid"], signal.SIGKILL)
    end = wait_for_end(client, job, 120)[1]
    assert isinstance(end, Result) and end.picture.digest == whole.picture.digest


def test_when_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    dead, job = died("ended by SIGKILL"), Job(Request(), "")
    monkeypatch.setattr(breaks, "kills", lambda: 3)
    job.kills = 3
    assert not goes_on(job, dead), "it was never kept"
    job.further = True
    assert not goes_on(job, ScumbleError("memory", reason="").to_plain())
    job.further = True
    assert goes_on(job, dead) and not goes_on(job, dead), "no further since"
    job.further, job.kills = True, 2
    assert not goes_on(job, dead), "the system killed it for its memory"
    job.further, job.kills, job.breaks = True, 3, GOING_ON
    assert not goes_on(job, dead)
