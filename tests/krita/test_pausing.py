"""Pause and Resume in a real Krita: in the docker, and over the canvas where no docker can be seen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ..editors.engine import SLOW

ENGINE = SLOW
LAB = (Path(__file__).parent / "studiolab.py").read_text()
WORDS = """
dock = next(d for d in Krita.instance().dockers() if d.objectName() == "scumble_docker")

def button(text, over=None):
    over = over or dock.panel
    buttons = over.findChildren(QtWidgets.QAbstractButton)
    return next((b for b in buttons if b.text().replace('&', '') == text and b.isVisible()), None)

def field():
    main = Krita.instance().activeWindow().qwindow()
    found = [w for w in main.findChildren(QtWidgets.QWidget) if type(w).__name__ == "ProgressField" and w.isVisible()]
    return found[0] if found else None

def lines():
    return [c._state.text for c in dock.panel.queue.cards]
"""


@pytest.fixture
def krita(make_krita):
    """A Krita whose engine keeps jobs at every step, with a picture that is not a quick one."""
    made = make_krita(env={"SCUMBLE_KEEP_SECONDS": "0"})
    made.new_document(640, 480)
    made.run(LAB + WORDS)
    made.run("paint(document)")
    made.settle()
    made.wait_seconds = 60.0
    return made


def look(krita, name):
    if folder := os.environ.get("SCUMBLE_SHOTS"):
        krita.settle()
        krita.screenshot(Path(folder) / f"{name}.png")


def begin(krita):
    krita.run("job = studio.run(slow(250, how='kept'))")
    krita.wait("job.state == 'running' and job.step > 4")


def test_a_job_rests_and_goes_on_by_the_dockers_button(krita):
    krita.fill_screen()
    krita.run("dock.show(); dock.raise_()")
    begin(krita)
    krita.wait("button('Pause') is not None and button('Cancel') is not None")
    look(krita, "krita-pause-running")
    krita.click_widget("button('Pause')")
    krita.wait("job.state == 'paused' and button('Resume') is not None")
    assert krita.get("lines()[0].startswith('Paused at ')")
    look(krita, "krita-paused")
    krita.run("other = studio.run(slow(3))")
    krita.wait("'obey' in names() and len(lines()) == 1")  # another goes first, and its card has faded
    krita.settle()
    krita.click_widget("button('Resume')")
    krita.wait("job.state == 'running' and button('Pause') is not None")
    krita.wait("'kept' in names()")
    assert krita.get("int(job.run.result.model.rsplit(' ', 1)[1]) > 4"), "it went on where it was kept"


def test_over_the_canvas_too(krita):
    krita.run("dock.hide()")
    begin(krita)
    krita.wait("field() is not None and button('Pause', field()) is not None")
    krita.run("button('Pause', field()).click()")
    krita.wait("job.state == 'paused' and button('Resume', field()) is not None")
    assert krita.get("field().state.text.startswith('Paused at ')")
    look(krita, "krita-paused-canvas")
    krita.run("button('Cancel', field()).click()")
    krita.wait("job.ended and field() is None")
