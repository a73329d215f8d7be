"""How to test in a real Krita. A test asks for fixtures:

    def test_x(krita):                       a running Krita with our plug-in, and an engine that it can start
        krita.new_document(64, 48)
        krita.run("Krita.instance().action('scumble_repeat').trigger()")     statements, in Krita's GUI thread
        assert krita.get("document.topLevelNodes()[0].name()") == "…"        an expression's value, by JSON
        assert krita.call(function, 1, 2) == 3                               a function of the test, sent by its source
        krita.wait("len(document.topLevelNodes()) == 2")                     for what takes time; never sleep
        krita.settle()                       between changing layers and undo or close: else Krita 5.1 and 5.2 crash
        krita.soon("dialog.exec_()")         for what opens a modal dialog
        krita.screenshot(tmp_path / "a.png"); krita.display.click(x, y); krita.click_menu("filter", "…")

    make_krita(*arguments, env={…}, cmd=(…))                starts more, or with files or another environment
    engine_home                                             the engine's folders; `.start()`, `.client()`, `.stop()`

When the test ends Krita must quit with 0, and no exception may have been left uncaught; a test that means to provoke
one says `krita.forgive = True`. Without Krita tests are skipped; with SCUMBLE_EDITORS=required they fail.
SCUMBLE_SHOTS=FOLDER keeps a picture of the screen of each test that fails. SCUMBLE_KRITA=tree takes the Krita 5.2 of
tests/editors/tree.py, whose engine runs outside of it; anything else is a command.
Tests that need no Krita are in unit/.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import skimage
from filelock import FileLock

from ..editors.display import Display
from ..editors.engine import EngineHome
from ..editors.needs import give_time, program, require
from ..editors.tree import enter, is_made, leave, tree_folder
from .kritaproc import KritaProcess

GIVEN = os.environ.get("SCUMBLE_KRITA", "krita")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    give_time(items, "krita_profile")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A test that fails shows the end of Krita's log, and leaves a picture of the screen where $SCUMBLE_SHOTS says."""
    report = yield
    if report.when == "call" and report.failed:
        for krita in getattr(item, "kritas", ()):
            report.sections.append(("Krita's log", krita.log_tail()))
            if folder := os.environ.get("SCUMBLE_SHOTS"):
                Path(folder).mkdir(parents=True, exist_ok=True)
                krita.screenshot(Path(folder, f"{item.name}.png"))
    return report


@pytest.fixture(scope="session")
def krita_command() -> tuple[str, ...]:
    """How Krita is started; skips where it or its Python is missing."""
    if GIVEN == "tree":
        if not is_made(tree_folder()):
            require("no tree with Krita 5.2: as root run python3 tests/editors/tree.py")
        photographs = Path(skimage.__file__).parent  # which tests open
        return tuple(enter(tree_folder(), ["krita"], [Path(tempfile.gettempdir()), photographs]))
    command = tuple(shlex.split(GIVEN))
    program(command[0])
    if command == ("krita",) and not _has_pyqt():
        require("Krita's Python lacks PyQt5 (python3-pyqt5)")
    return command


def _has_pyqt() -> bool:
    return any(Path(folder, "PyQt5").exists() for folder in ("/usr/lib/python3/dist-packages", "/usr/lib/python3"))


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
    """A screen for this worker."""
    screen = Display()
    yield screen
    screen.close()


@pytest.fixture(scope="session")
def krita_profile(display: Display, krita_command: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which Krita has started once, made once for all workers; copy it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "krita-profile"
    with FileLock(f"{folder}.lock", timeout=170):
        if not folder.exists():
            krita = KritaProcess(display, cmd=krita_command)
            try:
                krita.start().settle(1.0)
                assert krita.quit() == 0, krita.log_tail()
                shutil.copytree(krita.home, f"{folder}.part", ignore=shutil.ignore_patterns("*.sock", "run", "tmp"))
                Path(f"{folder}.part").rename(folder)
            finally:
                krita.remove()
    return folder


@pytest.fixture
def engine_home(tmp_path: Path) -> Iterator[EngineHome]:
    """Folders of the test's own for an engine, which a Krita started with them can start; ended with the test."""
    home = EngineHome(tmp_path / "engine")
    yield home
    home.stop()


@pytest.fixture
def make_krita(
    display: Display,
    krita_command: tuple[str, ...],
    krita_profile: Path,
    engine_home: EngineHome,
    request: pytest.FixtureRequest,
) -> Iterator[Callable[..., KritaProcess]]:
    """Starts Kritas; at the end each must quit well."""
    made: list[KritaProcess] = []
    request.node.kritas = made

    def make(*arguments: object, env: dict[str, str] | None = None, cmd: tuple[str, ...] = ()) -> KritaProcess:
        way = leave() if GIVEN == "tree" and not cmd else []
        env = {**engine_home.environment(way), **(env or {})}
        made.append(KritaProcess(display, krita_profile, arguments, env, cmd or krita_command))
        return made[-1].start()

    yield make
    try:
        for krita in made:
            krita.finish()
    finally:
        for krita in made:
            krita.remove()


@pytest.fixture
def krita(make_krita: Callable[..., KritaProcess]) -> KritaProcess:
    """A running Krita with our plug-in and without a document."""
    return make_krita()
