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

    shared_krita                             the same, shared by those tests of a file that leave it as they found it
    fresh_krita                              the shared one, put back: documents, jobs, history and choices are gone,
                                             and the engine of `engine_of_all`, where one ran, goes on

    make_krita(*arguments, env={…}, cmd=(…))                starts more, or with files or another environment
    engine_home                                             the engine's folders; `.start()`, `.client()`, `.stop()`;
                                                            a test file's `ENGINE` are its arguments, and those of
                                            the shared Krita's engine, `engine_of_all`

When the test ends Krita must quit with 0, and no exception may have been left uncaught; a test that means to provoke
one says `krita.forgive = True`. Without Krita tests are skipped; with SCUMBLE_EDITORS=required they fail.
SCUMBLE_SHOTS=FOLDER keeps a picture of the screen of each test that fails. SCUMBLE_KRITA=tree takes the Krita 5.2 of
tests/editors/tree.py, whose engine runs outside of it; anything else is a command.
Tests that need no Krita are in unit/.
"""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import skimage

from ..editors.display import Display
from ..editors.engine import EngineHome
from ..editors.fixtures import display, engine_home, finished, pytest_runtest_makereport, shared, warmed
from ..editors.needs import give_time, program, require
from ..editors.tree import enter, is_made, leave, tree_folder
from .kritaproc import KritaProcess

__all__ = ["display", "engine_home", "pytest_runtest_makereport"]

GIVEN = os.environ.get("SCUMBLE_KRITA", "krita")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    give_time(items, "krita_profile")


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
def krita_profile(display: Display, krita_command: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which Krita has started once, made once for all workers; copy it."""
    make = partial(KritaProcess, display, cmd=krita_command)
    return warmed(tmp_path_factory, "krita-profile", make, 1.0, "run", "tmp")


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
    request.node.editors = made

    def make(*arguments: object, env: dict[str, str] | None = None, cmd: tuple[str, ...] = ()) -> KritaProcess:
        way = leave() if GIVEN == "tree" and not cmd else []
        env = {**engine_home.environment(way), **(env or {})}
        made.append(KritaProcess(display, krita_profile, arguments, env, cmd or krita_command))
        return made[-1].start()

    yield make
    finished(made)


@pytest.fixture
def krita(make_krita: Callable[..., KritaProcess]) -> KritaProcess:
    """A running Krita with our plug-in and without a document."""
    return make_krita()


@pytest.fixture(scope="module")
def engine_of_all(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> EngineHome:
    """The engine's folders of the Krita that a module's tests share."""
    return EngineHome(tmp_path_factory.mktemp("engine"), *getattr(request.module, "ENGINE", ()))


@pytest.fixture(scope="module")
def krita_of_all(
    display: Display, krita_command: tuple[str, ...], krita_profile: Path, engine_of_all: EngineHome
) -> Iterator[Callable[[], KritaProcess]]:
    """Gives the Krita that a module's tests share."""
    env = engine_of_all.environment(leave() if GIVEN == "tree" else [])
    yield from shared(lambda: KritaProcess(display, krita_profile, (), env, krita_command), engine_of_all)


@pytest.fixture
def shared_krita(krita_of_all: Callable[[], KritaProcess], request: pytest.FixtureRequest) -> Iterator[KritaProcess]:
    """A running Krita with our plug-in, in which earlier tests may have left documents open."""
    krita = krita_of_all()
    request.node.editors = [krita]
    yield krita
    if krita.process is not None and krita.process.poll() is None:
        assert not krita.exceptions(), "\n".join(krita.exceptions())


@pytest.fixture
def fresh_krita(shared_krita: KritaProcess, engine_of_all: EngineHome) -> KritaProcess:
    """The shared Krita without documents, jobs, history, dialogs and choices of earlier tests."""
    shared_krita.wait_seconds = KritaProcess.wait_seconds
    shared_krita.tidy()
    for kept in (*engine_of_all.folder.glob("data/last-*"), engine_of_all.folder / "data/picks.json"):
        kept.unlink(missing_ok=True)
    return shared_krita
