"""How to test in a real GIMP 3, in the tree of Debian 13 that tests/editors/tree.py makes. A test asks for fixtures:

    def test_x(gimp):                        a running GIMP without windows, our plug-in in it, an engine at hand
        gimp.run("image = Gimp.Image.new(64, 48, Gimp.ImageBaseType.RGB)")   statements, in a plug-in process of GIMP's
        assert gimp.get("image.get_width()") == 64                           an expression's value, by JSON
        assert gimp.call(function, 1, 2) == 3                                a function of the test, sent by its source

    shared_gimp                              the same, shared by those tests of a file that leave it as they found it;
                                             with windows where a test file says `WINDOWS = True`

    make_gimp(gui=True, env={…})             another, with windows: gimp.begin("…what opens a dialog…");
                                             gimp.wait_for_window("Title"); gimp.display.key("alt+o"); gimp.end()
    make_gimp(before=function)               another, after `function` was given its folder of plug-ins
    engine_home                              the engine's folders; `.start()`, `.client()`, `.stop()`; GIMP can start
                                             it as well; a test file's `ENGINE` are its arguments

When the test ends GIMP must quit with 0; `gimp.forgive = True` where a test breaks it. Without the tree tests are
skipped; with SCUMBLE_EDITORS=required they fail. SCUMBLE_SHOTS=FOLDER keeps a picture of the screen of each test that
fails. Tests that need no GIMP are in unit/.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from ..editors.engine import EngineHome
from ..editors.fixtures import display, engine_home, finished, pytest_runtest_makereport, shared, warmed
from ..editors.needs import give_time, require
from ..editors.tree import is_made, leave, tree_folder
from .gimpproc import GimpProcess

__all__ = ["display", "engine_home", "pytest_runtest_makereport"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    give_time(items, "gimp_profile")


@pytest.fixture(scope="session")
def tree() -> Path:
    """The tree that has GIMP; skips without it."""
    folder = tree_folder()
    if not is_made(folder) or os.geteuid() != 0:
        require("no tree with GIMP 3: as root run python3 tests/editors/tree.py")
    return folder


@pytest.fixture(scope="session")
def gimp_profile(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which GIMP has asked every plug-in once, made once for all workers; copy it."""
    return warmed(tmp_path_factory, "gimp-profile", partial(GimpProcess, tree), 0.0, "plug-ins")


@pytest.fixture
def make_gimp(
    tree: Path, gimp_profile: Path, engine_home: EngineHome, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., GimpProcess]]:
    """Starts GIMPs; at the end each must quit well."""
    made: list[GimpProcess] = []
    request.node.editors = made

    def make(
        gui: bool = False, env: dict[str, str] | None = None, before: Callable[[Path], None] | None = None
    ) -> GimpProcess:
        env = {**engine_home.environment(leave()), **(env or {})}
        screen = request.getfixturevalue("display") if gui else None
        made.append(GimpProcess(tree, gimp_profile, env, screen, [tmp_path]))
        if before is not None:
            before(made[-1].plugins)
        return made[-1].start()

    yield make
    finished(made)


@pytest.fixture
def gimp(make_gimp: Callable[..., GimpProcess]) -> GimpProcess:
    """A running GIMP without windows, with our plug-in and without an image."""
    return make_gimp()


@pytest.fixture(scope="module")
def engine_of_all(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> EngineHome:
    """The engine's folders of the GIMP that a module's tests share."""
    return EngineHome(tmp_path_factory.mktemp("engine"), *getattr(request.module, "ENGINE", ()))


@pytest.fixture(scope="module")
def gimp_of_all(
    tree: Path,
    gimp_profile: Path,
    engine_of_all: EngineHome,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[], GimpProcess]]:
    """Gives the GIMP that a module's tests share."""
    env, folders = engine_of_all.environment(leave()), [tmp_path_factory.getbasetemp()]
    screen = request.getfixturevalue("display") if getattr(request.module, "WINDOWS", False) else None
    yield from shared(lambda: GimpProcess(tree, gimp_profile, env, screen, folders), engine_of_all)


@pytest.fixture
def shared_gimp(gimp_of_all: Callable[[], GimpProcess], request: pytest.FixtureRequest) -> GimpProcess:
    """A running GIMP with our plug-in, in which earlier tests may have left images."""
    gimp = gimp_of_all()
    request.node.editors = [gimp]
    return gimp
