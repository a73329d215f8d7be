"""Gateways for the tests of this folder: one before an engine that paints, one before an engine that is slow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scumble.wire import read_connection

from ..server.running import FAST, Running, launch, wait_until
from .serving import Served, serving


def _engine(folder: Path, arguments: list[str], patch: pytest.MonkeyPatch) -> Running:
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        patch.setenv(f"SCUMBLE_{name}", str(folder / name.lower()))
    running = Running(launch(folder, arguments), folder)
    wait_until(lambda: read_connection(folder / "runtime"))
    return running


def _end(running: Running) -> None:
    running.process.terminate()
    assert running.ended() is not None
    assert running.process.stderr is not None
    running.process.stderr.close()


@pytest.fixture(scope="module")
def painting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway before an engine that paints."""
    folder = tmp_path_factory.mktemp("painting")
    with pytest.MonkeyPatch.context() as patch:
        running = _engine(folder, ["--device", "cpu"], patch)
        with serving(folder / "gateway") as served:
            yield served
        _end(running)


@pytest.fixture(scope="module")
def slow_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An engine whose method takes 20 ms a step and inverts the picture."""
    folder = tmp_path_factory.mktemp("slow")
    with pytest.MonkeyPatch.context() as patch:
        running = _engine(folder, list(FAST), patch)
        yield running
        for client in running.clients:
            client.close()
        _end(running)


@pytest.fixture(scope="module")
def slow(slow_engine: Running) -> Iterator[Served]:
    """A gateway before it."""
    with serving(slow_engine.folder / "gateway") as served:
        yield served
