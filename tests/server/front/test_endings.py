"""An engine told to end: results that clients still want, clients that went, and those who never come for theirs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scumble.wire import Client, Failed, Result, read_connection
from scumble.wire.engine.processes import is_alive

from ..running import FAST, Running, ask, environment, submit, wait_for_end, wait_until


@pytest.fixture
def patient(tmp_path: Path):
    """Starts an engine that waits so many seconds for results to be fetched."""
    begun: list[Running] = []

    def start(seconds: float) -> Running:
        code = (
            f"import sys, scumble.server.front.engine as e; e.FETCH_SECONDS = {seconds}\n"
            "from scumble.server.__main__ import main; sys.exit(main(sys.argv[1:]))"
        )
        command = [sys.executable, "-c", code, *FAST]
        process = subprocess.Popen(command, env=environment(tmp_path), stderr=subprocess.PIPE, text=True)
        begun.append(Running(process, tmp_path))
        wait_until(lambda: read_connection(tmp_path / "runtime"))
        return begun[-1]

    yield start
    for running in begun:
        for client in running.clients:
            client.close()
        running.process.kill()
        running.process.communicate()


def computed(engine: Running, client: Client) -> Result:
    """A job of the client's has ended, and the engine was told to end; nothing is fetched."""
    job = submit(client, ask(steps=30))
    with engine.client() as other:
        other.shutdown()
    _, end = wait_for_end(client, job)
    assert isinstance(end, Result)
    return end


def fetch(client: Client, result: Result) -> bytes:
    form = result.picture.format
    assert form is not None
    return client.get(result.picture.digest, form.nbytes)


def test_it_waits_until_results_are_fetched(patient: Callable[[float], Running]) -> None:
    engine = patient(1000)
    client = engine.client()
    result = computed(engine, client)
    for _ in range(20):
        client.poll(0.05)
    assert engine.process.poll() is None
    assert len(fetch(client, result)) == 12 * 8 * 4
    assert engine.ended(20) == 0, "fetched, not forgotten"


def test_what_is_forgotten_is_not_waited_for(patient: Callable[[float], Running]) -> None:
    engine = patient(1000)
    client = engine.client()
    client.forget(computed(engine, client).job)
    assert engine.ended(20) == 0


def test_a_large_result_arrives_whole(patient: Callable[[float], Running]) -> None:
    engine = patient(1000)
    with engine.client() as client, engine.client() as other:
        a = ask(size=(3000, 2000), steps=20)
        job = submit(client, a)
        other.shutdown()
        _, end = wait_for_end(client, job)
        assert isinstance(end, Result) and len(fetch(client, end)) == 3000 * 2000 * 4
    assert engine.ended(20) == 0


def test_a_client_that_went_is_not_waited_for(patient: Callable[[float], Running]) -> None:
    engine = patient(1000)
    client = engine.client()
    computed(engine, client)
    client.close()
    assert engine.ended(20) == 0


def test_who_never_comes_is_waited_for_no_longer_than_told(patient: Callable[[float], Running]) -> None:
    engine = patient(0.5)
    computed(engine, engine.client())
    assert engine.ended(20) == 0


def test_at_once_is_at_once(patient: Callable[[float], Running]) -> None:
    engine = patient(1000)
    client = engine.client()
    computed(engine, client)
    with engine.client() as other:
        other.shutdown(now=True)
    assert engine.ended(20) == 0


def test_failed_jobs_owe_nothing(patient: Callable[[float], Running]) -> None:
    engine = patient(1000)
    client = engine.client()
    job = submit(client, ask(how="fail"))
    assert isinstance(wait_for_end(client, job)[1], Failed)
    workers = [w["pid"] for w in engine.workers()]
    with engine.client() as other:
        other.shutdown()
    assert engine.ended(20) == 0
    wait_until(lambda: not any(map(is_alive, workers)))
