"""Before OK and after it, in a real Krita with a real engine: what it takes, and how far it is without the docker."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import skimage

from ..editors.engine import wait_until

CAT = Path(skimage.__file__).parent / "data" / "chelsea.png"
LAB = Path(__file__).with_name("e2elab.py").read_text("utf-8")
TITLE = "Scumble: Style Transfer…"
FIELD = """
def field():
    found = [w for w in QtWidgets.QApplication.allWidgets() if type(w).__name__ == "ProgressField" and w.isVisible()]
    return found[0] if found else None
"""


@pytest.fixture
def cat(make_krita, engine_home):
    """A Krita with a photograph open and our docker closed, and an engine that listens."""
    engine_home.start()
    krita = make_krita(CAT)
    krita.wait_seconds = 90.0
    krita.run(LAB + FIELD)
    krita.wait("adopt()")
    krita.run("dock().hide()")
    krita.settle()
    return krita


def shoot(krita, name):
    folder = os.environ.get("SCUMBLE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        krita.screenshot(Path(folder) / f"{name}.png")


def test_what_it_takes_is_told_and_progress_lies_over_the_canvas_with_cancel(cat, engine_home):
    cat.click_menu("Filter", TITLE)
    cat.wait("dialog() is not None and dialog().parts.estimate.line.text")
    assert re.fullmatch(r"About \d+ (s|min) · \d.*[GM]B", cat.get("dialog().parts.estimate.line.text"))
    shoot(cat, "estimate")
    first = cat.get("dialog().parts.estimate.line.text")
    cat.click_widget("dialog().parts.form.editor('method').widget.buttons()[1]")
    cat.wait(f"dialog().parts.estimate.line.text not in ('', {first!r})")
    cat.click_widget("dialog().parts.form.editor('method').widget.buttons()[0]")
    cat.wait("dialog().recipe().value('method') == 'optimize'")
    cat.click_widget("dialog().parts.ok")
    cat.wait("dialog() is None and field() is not None")
    cat.wait("field().state.text.endswith(' left')")  # from the first second, not from the first step
    cat.wait("field().bar.part > 0.02")
    shoot(cat, "over-the-canvas")
    cat.click_widget("field().cancel")
    cat.wait("field() is None and not studio.jobs")
    with engine_home.client() as client:
        wait_until(lambda: client.status()["jobs"]["running"] == 0, "the engine is idle", 8)
    assert cat.get("len(names())") == 1


def test_it_gives_way_to_the_docker(cat):
    cat.run("job = studio.run(Recipe({'iterations': 5000}, (StyleChoice(name='starry-night'),)))")
    cat.wait("field() is not None")
    cat.run("show_docker()")
    cat.wait("field() is None")
    cat.run("dock().hide()")
    cat.wait("field() is not None")
    cat.run("studio.cancel_all()")
    cat.wait("field() is None")
