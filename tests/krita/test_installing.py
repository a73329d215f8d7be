"""The engine is not there: it is installed from the docker and the dialog of a real Krita, which then goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ..editors.missing import bare
from .conftest import GIVEN
from .test_dialog import FAST, WORDS, open_dialog, photograph

WINDOW = "sys.modules['scumble_krita.installwindow']._shown[0]"

pytestmark = pytest.mark.skipif(GIVEN == "tree", reason="what is installed starts the engine beside this Krita")


@pytest.fixture
def krita(make_krita, engine_home):
    """A Krita without an engine, with a document."""
    made = make_krita(env=bare(engine_home))
    made.new_document(200, 150)
    made.run(WORDS + "import sys")
    made.wait_seconds = 60.0
    return made


def look(krita, name):
    if folder := os.environ.get("SCUMBLE_SHOTS"):
        krita.settle()
        krita.screenshot(Path(folder) / f"{name}.png")


def test_from_the_dialog_and_the_dialog_goes_on(krita):
    krita.run(FAST)
    open_dialog(krita, first=False)
    krita.wait("dialog().parts.install.isVisible()")
    photograph(krita, "krita-install-offer")
    assert krita.get("'not installed' in dialog().parts.engine.text and len(dialog().preview._studio.styles)") == 0
    krita.click_widget("dialog().parts.install")
    krita.wait(f"{WINDOW}.installation.state == 'ready' and {WINDOW}.begin.isEnabled()")
    look(krita, "krita-install-ready")
    krita.click_widget(f"{WINDOW}.begin")
    krita.wait(f"{WINDOW}.installation.state == 'running' and {WINDOW}.away.text().replace('&', '') == 'Cancel'")
    krita.wait(f"'environment' in {WINDOW}.words.text or {WINDOW}.installation.ended")
    look(krita, "krita-install-running")
    krita.wait(f"{WINDOW}.installation.ended")
    assert krita.get(f"[{WINDOW}.installation.state, {WINDOW}.words.text]") == ["done", "The engine is installed."]
    look(krita, "krita-install-done")
    krita.wait("len(dialog().preview._studio.styles) > 10")  # it starts, and tells of its library
    assert krita.get("dialog().parts.install.isVisible()") is False
    krita.click_widget(f"{WINDOW}.away")
    krita.wait(f"not {WINDOW}.isVisible()")

    krita.wait("picture()")
    photograph(krita, "krita-install-after")


def test_from_the_docker_cancelled_and_a_failure_is_told(krita, engine_home):
    packages = engine_home.folder / "packages"
    krita.run("""
        studio = sys.modules["scumble_krita.model.studio"].studio()
        panel = next(d for d in Krita.instance().dockers() if d.objectName() == "scumble_docker")
        panel.show(); panel.raise_(); studio.start_engine()
    """)
    krita.wait("panel.panel.engine.install.isVisible()")
    look(krita, "krita-install-docker")
    krita.run("panel.panel.engine.install.click()")
    krita.wait(f"{WINDOW}.begin.isEnabled()")
    krita.run(f"{WINDOW}.begin.click()")
    krita.run(f"{WINDOW}.away.click()")
    krita.wait(f"{WINDOW}.installation.state == 'cancelled'")
    named = krita.get(f"[button.text().replace('&', '') for button in ({WINDOW}.begin, {WINDOW}.away)]")
    assert named == ["Try Again", "Close"]  # Plasma's style gives buttons access keys when it comes to it
    packages.rename(packages.with_name("away"))
    packages.mkdir()
    krita.run(f"{WINDOW}.begin.click()")
    krita.wait(f"{WINDOW}.installation.ended")
    assert "holds no wheel of Scumble" in krita.get(f"{WINDOW}.words.text")
    look(krita, "krita-install-failed")
