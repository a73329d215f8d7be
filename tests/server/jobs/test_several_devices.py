"""One engine and several devices: jobs for “auto” spread over those like the best, each by a worker of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from scumble.server.jobs.devices import Devices
from scumble.wire import Result, Started
from scumble.wire.engine.launch import OWNER

from ..running import Running, ask, submit, wait_until

TWO = ["--method-module", "slow_method", "--device", "cpu:0", "--device", "cpu:1"]  # to the slow method names alone


def test_auto_means_every_device_like_the_best() -> None:
    devices = Devices()
    assert devices.choices("auto") == ["auto"]
    cards = [("cuda:0", "A"), ("cuda:1", "A"), ("cuda:2", "B"), ("cpu", "CPU")]
    devices.learn([{"name": name, "title": title} for name, title in cards])
    assert devices.choices("auto") == ["cuda:0", "cuda:1"] and devices.choices("cuda:2") == ["cuda:2"]
    assert devices.choices("cuda") == ["cuda:0"]


@pytest.mark.timeout(150)
def test_two_jobs_are_painted_at_once_and_a_third_waits(start: Callable[..., Running]) -> None:
    engine = start(method=TWO)
    with engine.client() as client:
        jobs = [submit(client, ask(steps=60)) for _ in range(3)]
        where: dict[str, str] = {}
        ended: list[str] = []

        def all_ended() -> bool:
            for event in client.poll(0.2):
                if isinstance(event, Started):
                    where[event.job] = event.device
                ended.extend([event.job] if isinstance(event, Result) else [])
            assert len(set(where) - set(ended)) <= 2
            return len(ended) == 3

        wait_until(all_ended, 100.0, "the end of three jobs")
    assert {where[jobs[0]], where[jobs[1]]} == {"cpu:0", "cpu:1"} and jobs[2] not in ended[:2]
    assert sorted(w["device"] for w in engine.workers()) == ["cpu:0", "cpu:1"]


def test_one_job_starts_one_worker(start: Callable[..., Running]) -> None:
    engine = start(method=TWO)
    with engine.client() as client:
        submit(client, ask(steps=1))
        wait_until(lambda: any(isinstance(e, Result) for e in client.poll(0.2)), 50.0)
    assert len(engine.workers()) == 1


def test_an_engine_of_a_process_ends_with_it(start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as owner:
        monkeypatch.setenv(OWNER, str(owner.pid))
        engine = start()
        with engine.client() as client:
            job = submit(client, ask(steps=20_000))
            wait_until(lambda: any(isinstance(e, Started) for e in client.poll(0.2)), 50.0)
            assert engine.process.poll() is None and job
            owner.kill()
            assert engine.ended(15.0) == 0
    assert not os.path.exists(engine.folder / "runtime" / "engine.json")
