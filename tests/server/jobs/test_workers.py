"""Workers that die, run out of memory, hang or print: the job ends with a picture or a reason, the next one works."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from scumble.server.priority import waiting
from scumble.wire import Failed, Progress, Result, Started
from scumble.wire.engine.processes import is_alive

from ..running import Running, ask, submit, wait_for_end, wait_until


def assert_works(engine: Running) -> None:
    with engine.client() as client:
        assert isinstance(wait_for_end(client, submit(client, ask()))[1], Result)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize("number", ["SIGKILL", "SIGSEGV"])
def test_a_worker_killed_in_mid_job_is_replaced_and_the_job_finishes(engine: Running, number: str) -> None:
    client = engine.client()
    job = submit(client, ask(steps=50))
    wait_until(lambda: any(isinstance(e, Progress) for e in client.poll(0.1)))
    victim = engine.worker("busy")["pid"]
    os.kill(victim, getattr(signal, number))
    events, end = wait_for_end(client, job)
    assert isinstance(end, Result) and end.model == "plan 1", "the second try is more frugal"
    assert [e.plan for e in events if isinstance(e, Started)] == [1]
    assert not is_alive(victim)
    assert_works(engine)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_a_job_that_kills_its_workers_fails_with_the_reason(engine: Running) -> None:
    client = engine.client()
    events, end = wait_for_end(client, submit(client, ask(how="die")))
    assert isinstance(end, Failed) and end.error.code == "worker-died"
    assert "SIGKILL" in end.error.sentence and end.error.remedy
    assert [e.plan for e in events if isinstance(e, Started)] == [0, 1]
    assert_works(engine)


def test_out_of_memory_is_tried_again_with_smaller_plans(engine: Running) -> None:
    client = engine.client()
    worker = engine.worker("idle")["pid"]
    events, end = wait_for_end(client, submit(client, ask(how="too much at first")))
    assert isinstance(end, Result) and end.model == "plan 1"
    events, end = wait_for_end(client, submit(client, ask(how="too much")))
    assert isinstance(end, Failed) and end.error.code == "memory" and "TiB" in end.error.sentence
    assert [e.plan for e in events if isinstance(e, Started)] == [0, 1, 2]
    assert engine.worker("idle")["pid"] == worker


def test_an_error_of_the_method_is_told_without_its_traceback(engine: Running) -> None:
    client = engine.client()
    _, end = wait_for_end(client, submit(client, ask(how="fail")))
    assert isinstance(end, Failed) and end.error.code == "internal"
    assert "not like this" in end.error.sentence and "Traceback" not in str(end.error)
    log = engine.folder / "logs" / "engine.log"
    wait_until(lambda: "Traceback" in (text := log.read_text("utf-8")) and "not like this" in text)  # its own pipe
    assert_works(engine)


def test_what_a_method_prints_goes_to_the_log(engine: Running) -> None:
    client = engine.client()
    assert isinstance(wait_for_end(client, submit(client, ask(how="print")))[1], Result)
    log = engine.folder / "logs" / "engine.log"
    wait_until(lambda: "noise on standard output" in log.read_text("utf-8"))


def test_a_job_that_does_not_obey_a_cancel_is_killed(engine: Running) -> None:
    client = engine.client()
    job = submit(client, ask(how="deaf"))
    worker = engine.worker("busy")["pid"]
    began = time.monotonic()
    client.cancel(job)
    assert time.monotonic() - began < 0.2
    _, end = wait_for_end(client, job)
    assert isinstance(end, Failed) and end.error.code == "cancelled"
    assert 4.5 < time.monotonic() - began < 15
    assert not is_alive(worker)
    assert_works(engine)


def test_status_is_answered_at_once_while_a_job_runs(engine: Running) -> None:
    client = engine.client()
    job = submit(client, ask(steps=1000, preview_seconds=0.1))
    engine.worker("busy")
    times = []
    for _ in range(100):
        began = time.perf_counter()
        assert client.status()["jobs"]["running"] == 1
        times.append(time.perf_counter() - began)
    assert sorted(times)[90] < 0.05
    client.cancel(job)
    wait_for_end(client, job)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_no_worker_outlives_a_killed_engine_even_in_mid_step(start: Callable[..., Running]) -> None:
    engine = start()
    client = engine.client()
    submit(client, ask(how="hang"))
    worker = engine.worker("busy")["pid"]
    engine.process.kill()
    engine.ended()
    wait_until(lambda: not is_alive(worker), 3, "the worker's end")


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_a_stopped_worker_does_not_hold_up_the_engine(start: Callable[..., Running]) -> None:
    """A worker that reads nothing must not block the front, however much it is sent."""
    engine = start()
    client = engine.client()
    worker = engine.worker("idle")["pid"]
    os.kill(worker, signal.SIGSTOP)
    try:
        a = ask(style_layers=tuple(f"{'x' * 9000}{n}" for n in range(30)))  # more than a pipe holds
        job = submit(client, a)
        began = time.monotonic()
        client.status()
        assert time.monotonic() - began < 0.5
        client.cancel(job)
        _, end = wait_for_end(client, job)
        assert isinstance(end, Failed) and end.error.code == "cancelled"
    finally:
        if is_alive(worker):
            os.kill(worker, signal.SIGCONT)
    assert_works(engine)


def test_an_idle_worker_gives_its_memory_back(start: Callable[..., Running]) -> None:
    engine = start("--worker-idle-minutes", "0.01")
    worker = wait_until(engine.workers)[0]["pid"]
    wait_until(lambda: not is_alive(worker) and not engine.workers(), 10, "the worker's end")
    assert_works(engine)


def test_a_method_that_cannot_be_loaded_fails_its_jobs_with_the_reason(start: Callable[..., Running]) -> None:
    engine = start(method=["--method-module", "no_such_method", "--device", "cpu"])
    client = engine.client()
    _, end = wait_for_end(client, submit(client, ask()))
    assert isinstance(end, Failed) and end.error.code == "worker-died" and "no_such_method" in end.error.sentence
    assert client.status()["jobs"]["queued"] == 0


def test_how_its_threads_wait_is_the_users_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert waiting() == {"GOMP_SPINCOUNT": "1000"}
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    assert waiting() == {}


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_its_environment_says_how(engine: Running) -> None:
    told = {**waiting(), **os.environ}.get("GOMP_SPINCOUNT", "")
    worker = engine.worker("idle")["pid"]
    with open(f"/proc/{worker}/environ", "rb") as f:
        assert f"GOMP_SPINCOUNT={told}".encode() in f.read().split(b"\0") or not told
