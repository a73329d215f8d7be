"""Fixtures that the tests of both editors share, and what their own are made of. A conftest imports them by name."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from .display import Display
from .engine import EngineHome
from .process import EditorProcess


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A test that fails shows its editors' logs, and leaves a picture of the screen where $SCUMBLE_SHOTS says."""
    report = yield
    if report.when == "call" and report.failed:
        for editor in getattr(item, "editors", ()):
            report.sections.append(("the editor's log", editor.log_tail()))
            if (folder := os.environ.get("SCUMBLE_SHOTS")) and editor.display is not None:
                Path(folder).mkdir(parents=True, exist_ok=True)
                editor.screenshot(Path(folder, f"{item.name}.png"))
    return report


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
    """A screen for this worker."""
    screen = Display()
    yield screen
    screen.close()


@pytest.fixture
def engine_home(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[EngineHome]:
    """Folders of the test's own for an engine, which an editor started with them can start; ended with the test.

    A test file's `ENGINE` are its arguments.
    """
    home = EngineHome(tmp_path / "engine", *getattr(request.module, "ENGINE", ()))
    home.folder.mkdir(parents=True)
    yield home
    home.stop()


def warmed(
    factory: pytest.TempPathFactory, name: str, make: Callable[[], EditorProcess], rest: float = 0.0, *left_out: str
) -> Path:
    """A home in which an editor has run once, for `rest` seconds, made once for all workers; copy it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with FileLock(f"{folder}.lock", timeout=170):
        if not folder.exists():
            editor = make()
            try:
                editor.start()
                time.sleep(rest)
                assert editor.quit() == 0, editor.log_tail()
                shutil.copytree(editor.home, f"{folder}.part", ignore=shutil.ignore_patterns("*.sock", *left_out))
                Path(f"{folder}.part").rename(folder)
            finally:
                editor.remove()
    return folder


def shared(make: Callable[[], EditorProcess], home: EngineHome) -> Generator[Callable[[], Any], None, None]:
    """One editor for those tests of a module that leave it as they found it; another where a test was its end."""
    made: list[EditorProcess] = []

    def get() -> EditorProcess:
        if not made or made[-1].process is None or made[-1].process.poll() is not None:
            made.append(make())
            made[-1].start()
        return made[-1]

    yield get
    finished(made)
    home.stop()


def finished(editors: list[Any]) -> None:
    """A test has ended: each must quit well, and goes."""
    try:
        for editor in editors:
            editor.finish()
    finally:
        for editor in editors:
            editor.remove()
