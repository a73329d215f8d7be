"""One engine for the tests that only ask it to paint; the first command that needs it starts it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scumble.cli import main
from scumble.wire.engine import launch
from scumble.wire.engine.launch import Started


class Engine:
    """An engine's folders, and what was started in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.begun: list[Started] = []

    @contextmanager
    def used(self) -> Iterator[None]:
        """Commands find it, or start it."""
        before = list(launch._started)
        with pytest.MonkeyPatch.context() as patch:
            for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
                patch.setenv(f"SCUMBLE_{name}", str(self.folder / name.lower()))
            patch.delenv("SCUMBLE_ENGINE", raising=False)
            patch.setenv("SCUMBLE_NICENESS", "0")  # tests run side by side, and no worker is to give way to them
            yield
        self.begun += [s for s in launch._started if s not in before]


@pytest.fixture(scope="session")
def engine_of_all(tmp_path_factory) -> Iterator[Engine]:
    """At the end it must have ended well."""
    engine = Engine(tmp_path_factory.mktemp("engine"))
    yield engine
    with engine.used():
        main(["stop", "--now"])
    assert all(s.process.wait(20) == 0 for s in engine.begun)


@pytest.fixture(scope="module")
def own_engine(engine_of_all) -> Iterator[None]:
    """It, for all tests of a file."""
    with engine_of_all.used():
        yield


@pytest.fixture
def shared_engine(engine_of_all) -> Iterator[None]:
    """It, for one test."""
    with engine_of_all.used():
        yield
