"""Engines for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from scumble.wire import read_connection
from scumble.wire.engine.processes import is_alive

from .running import FAST, Running, launch, wait_until


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Starts engines; at the end each is told to stop, and no process of theirs may be left."""
    started: list[Running] = []

    def begin(*arguments: str, folder: Path | None = None, method: Sequence[str] = FAST, **options: Any) -> Running:
        folder = folder or tmp_path_factory.mktemp("engine")
        running = Running(launch(folder, [*method, *arguments], **options), folder)
        started.append(running)
        wait_until(lambda: read_connection(folder / "runtime") or running.process.poll() is not None)
        assert running.process.poll() is None, running.process.communicate()[1]
        return running

    yield begin
    for running in started:
        for client in running.clients:
            client.close()
        left = [w["pid"] for w in running.workers()] if running.process.poll() is None else []
        running.process.terminate()
        assert running.ended() is not None
        assert running.process.stderr is not None
        running.process.stderr.close()
        wait_until(lambda left=left: not any(map(is_alive, left)), 5, "the workers' end")


@pytest.fixture(scope="module")
def engine(start: Callable[..., Running]) -> Running:
    """One engine for the tests of a module that leave it as they found it."""
    return start()
