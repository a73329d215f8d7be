"""How to test in a real GIMP 3, in the tree of Debian 13 that tests/editors/tree.py makes. A test asks for fixtures:

    def test_x(gimp):                        a running GIMP without windows, our plug-in in it, an engine at hand
        gimp.run("image = Gimp.Image.new(64, 48, Gimp.ImageBaseType.RGB)")   statements, in a plug-in process of GIMP's
        assert gimp.get("image.get_width()") == 64                           an expression's value, by JSON
        assert gimp.call(function, 1, 2) == 3                                a function of the test, sent by its source

    make_gimp(gui=True, env={…})             another, with windows: gimp.begin("…what opens a dialog…");
                                             gimp.wait_for_window("Title"); gimp.display.key("alt+o"); gimp.end()
    make_gimp(before=function)               another, after `function` was given its folder of plug-ins
    engine_home                              the engine's folders; `.start()`, `.client()`, `.stop()`; GIMP can start
                                             it as well

When the test ends GIMP must quit with 0; `gimp.forgive = True` where a test breaks it. Without the tree tests are
skipped; with SCUMBLE_EDITORS=required they fail. Tests that need no GIMP are in unit/.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from ..editors.display import Display
from ..editors.engine import EngineHome
from ..editors.needs import give_time, require
from ..editors.tree import is_made, leave, tree_folder
from .gimpproc import GimpProcess


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
def display() -> Iterator[Display]:
    """A screen for this worker."""
    screen = Display()
    yield screen
    screen.close()


@pytest.fixture(scope="session")
def gimp_profile(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which GIMP has asked every plug-in once, made once for all workers; copy it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "gimp-profile"
    with FileLock(f"{folder}.lock", timeout=170):
        if not folder.exists():
            gimp = GimpProcess(tree)
            try:
                assert gimp.start().quit() == 0, gimp.log_tail()
                shutil.copytree(gimp.home, f"{folder}.part", ignore=shutil.ignore_patterns("*.sock", "plug-ins"))
                Path(f"{folder}.part").rename(folder)
            finally:
                gimp.remove()
    return folder


@pytest.fixture
def engine_home(tmp_path: Path) -> Iterator[EngineHome]:
    """Folders of the test's own for an engine, which a GIMP started with them can start; ended with the test."""
    home = EngineHome(tmp_path / "engine")
    home.folder.mkdir(parents=True)
    yield home
    home.stop()


@pytest.fixture
def make_gimp(
    tree: Path, gimp_profile: Path, engine_home: EngineHome, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., GimpProcess]]:
    """Starts GIMPs; at the end each must quit well."""
    made: list[GimpProcess] = []

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
    try:
        for gimp in made:
            if gimp.process is not None and gimp.process.returncode is None and not gimp.forgive:
                code = gimp.quit()
                assert code == 0, f"GIMP ended with {code}:\n{gimp.log_tail()}"
    finally:
        for gimp in made:
            gimp.remove()


@pytest.fixture
def gimp(make_gimp: Callable[..., GimpProcess]) -> GimpProcess:
    """A running GIMP without windows, with our plug-in and without an image."""
    return make_gimp()
