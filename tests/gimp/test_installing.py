"""The engine is not there: it is installed from the dialog of a real GIMP, which then goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ..editors.missing import bare
from ..editors.tree import leave
from .gimpproc import GimpProcess
from .test_dialog import WORDS, photograph

INSTALLING = """
offered = d.parts.install
def state():
    return offered.window.installation.state
"""


@pytest.fixture
def gimp(make_gimp, engine_home):
    """A GIMP with windows and without an engine."""
    made = make_gimp(gui=True, env=bare(engine_home, leave()))
    made.wait_seconds = 90.0
    made.run(f"PLUGIN = {str(made.plugins / 'scumble')!r}\n{WORDS}\nimage = picture()\nd = opened()\n{INSTALLING}")
    yield made
    made.run("dialog_ended(); window.delete()")


def look(gimp: GimpProcess, name: str) -> None:
    gimp.run("pump(0.4)")
    if folder := os.environ.get("SCUMBLE_SHOTS"):
        gimp.display.screenshot(Path(folder) / f"{name}.png")


def test_the_dialog_goes_on_once_the_engine_is_installed(gimp: GimpProcess) -> None:
    assert gimp.get("pump(20, offered.button.get_visible)")
    photograph(gimp, "gimp-install-offer")
    gimp.run("offered.button.clicked(); assert pump(20, lambda: state() == 'ready')")
    look(gimp, "gimp-install-ready")
    gimp.run("shown_words = offered.window.words.get_text; offered.window.begin.clicked()")
    assert gimp.get("pump(30, lambda: 'environment' in shown_words()), offered.window.away.get_label()") == [
        True,
        "Cancel",
    ]
    look(gimp, "gimp-install-running")
    gimp.run("assert pump(60, lambda: state() != 'running'), shown_words()")
    assert gimp.get("[state(), shown_words()]") == ["done", "The engine is installed."]
    look(gimp, "gimp-install-done")
    gimp.run("offered.window.away.clicked(); assert painted(), canvas().sentence()")
    assert gimp.get("[offered.button.get_visible(), len(d.engine.styles) > 10]") == [False, True]


def test_a_failure_is_told_and_cancelling_is_no_failure(gimp: GimpProcess, engine_home) -> None:
    assert gimp.get("pump(20, offered.button.get_visible)")
    gimp.run("offered.button.clicked(); assert pump(20, lambda: state() == 'ready')")
    gimp.run("offered.window.begin.clicked(); pump(0.1); offered.window.away.clicked()")
    assert gimp.get("pump(20, lambda: state() == 'cancelled'), offered.window.begin.get_label()") == [True, "Try Again"]
    packages = engine_home.folder / "packages"
    packages.rename(packages.with_name("away"))
    packages.mkdir()
    gimp.run("offered.window.begin.clicked(); assert pump(60, lambda: state() != 'running')")
    assert "holds no wheel of Scumble" in gimp.get("offered.window.words.get_text()")
    look(gimp, "gimp-install-failed")
