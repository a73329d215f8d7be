"""Files that are damaged or gone while the engine runs: the job that needs them is done all the same."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scumble.wire import Client, Failed, Result, ScumbleError

from ..running import Ask, Running, ask, submit, wait_for_end, wait_until

HARMS: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: os.truncate(path, 10),
    "overwritten": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "gone": lambda path: path.unlink(),
    "all gone": lambda path: shutil.rmtree(path.parents[2]),
}


def blob(engine: Running, digest: str) -> Path:
    return engine.folder / "cache" / "blobs" / digest[:2] / digest


def assert_right(client: Client, a: Ask, end: Result) -> None:
    height, width = a.pixels.shape[:2]
    layer = np.frombuffer(client.get(end.picture.digest), np.uint8).reshape(height, width, 4)
    assert (layer[..., :3] == 255 - a.pixels).all()


@pytest.mark.parametrize("how", HARMS)
def test_a_job_whose_picture_is_damaged_while_it_waits_is_done(engine: Running, how: str) -> None:
    client, a = engine.client(), ask(seed=None)
    before = submit(client, ask(steps=3000, size=(600, 500)))
    engine.worker("busy")
    job = submit(client, a, key="")
    wait_until(lambda: (client.poll(0), client.status()["jobs"]["queued"] + client.status()["jobs"]["running"] > 1)[1])
    HARMS[how](blob(engine, next(iter(a.blobs))))
    client.cancel(before)
    _, end = wait_for_end(client, job, 60)
    assert isinstance(end, Result), end
    assert_right(client, a, end)


def test_a_store_that_keeps_nothing_is_told_as_that(engine: Running) -> None:
    """Not as data that the user could send again."""
    client, a = engine.client(), ask()
    path, over = blob(engine, next(iter(a.blobs))), threading.Event()

    def remove() -> None:
        while not over.is_set():
            path.unlink(missing_ok=True)

    thread = threading.Thread(target=remove)
    thread.start()
    try:
        with pytest.raises(ScumbleError) as error:
            client.run(a.request, a.blobs)
    finally:
        over.set()
        thread.join()
    assert error.value.code == "files-unusable" and "removed" in error.value.sentence


@pytest.mark.parametrize("how", HARMS)
def test_a_cached_picture_that_was_damaged_is_painted_again(engine: Running, how: str) -> None:
    client, a = engine.client(), ask(size=(40, 30))
    picture, first, _ = client.run(a.request, a.blobs)
    HARMS[how](blob(engine, picture.digest))
    _, second, result = client.run(a.request, a.blobs)
    assert bytes(second) == bytes(first) and not result.cached
    assert client.run(a.request, a.blobs)[2].cached


@pytest.mark.parametrize("how", HARMS)
def test_a_picture_that_was_damaged_before_it_was_fetched_is_painted_again(engine: Running, how: str) -> None:
    client, a = engine.client(), ask(size=(40, 30))

    def harm(event: object) -> None:
        if isinstance(event, Result) and not harmed:
            harmed.append(event)
            HARMS[how](blob(engine, event.picture.digest))

    harmed: list[Result] = []
    _, data, _ = client.run(a.request, a.blobs, harm)
    assert harmed and (np.frombuffer(data, np.uint8).reshape(30, 40, 4)[..., :3] == 255 - a.pixels).all()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_workers_killed_while_they_start_cost_one_job_at_most(start: Callable[..., Running]) -> None:
    engine = start()
    client = engine.client()
    jobs = [submit(client, ask(steps=1)) for _ in range(10)]
    killed: set[int] = set()
    while len(killed) < 2:
        starting = [w["pid"] for w in client.status()["workers"] if w["state"] == "starting"]
        for pid in set(starting) - killed:
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        client.channel.flush()
    ends = {}
    wait_until(
        lambda: (
            ends.update({e.job: e for e in client.poll(0.1) if isinstance(e, (Result, Failed))}),
            len(ends) == 10,
        )[1],
        60,
        "the jobs' end",
    )
    failed = [e for e in ends.values() if isinstance(e, Failed)]
    assert [e.job for e in failed] == jobs[:1] and failed[0].error.code == "worker-died"
    assert "SIGKILL" in failed[0].error.sentence
