"""Pause and Resume in the window that a real GIMP shows while the engine works, by keys."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ..editors.engine import SLOW, wait_until
from .callers import running_job, state
from .gimpproc import GimpProcess

ENGINE = SLOW
WORDS = Path(__file__).with_name("dialoglab.py").read_text("utf-8")
PAINT = """
from scumble_gimp.model.jobs import Jobs
from scumble_gimp.model.transfer import transfer
from scumble_gimp.windows.progress import ProgressWindow
image = picture()
image.scale(640, 480)
layers = image.get_selected_layers()
jobs = Jobs(life.link())
shown = ProgressWindow(jobs, image, layers, 0.25)
words = []
def watch(job):
    shown.watch(job)
    told = shown.words.get_text(), shown.pause.get_label(), shown.pause.get_sensitive()
    if not words or words[-1] != told:
        words.append(told)
    if job.run.result is not None:
        model.append(job.run.result.model)
model, jobs.watch = [], watch
recipe = Recipe({"iterations": 250}, (StyleChoice(name="kept"),))
made = transfer(jobs, image, layers, recipe)
shown.end()
"""


@pytest.fixture
def gimp(make_gimp):
    """A GIMP whose engine keeps jobs at every step."""
    made = make_gimp(gui=True, env={"SCUMBLE_KEEP_SECONDS": "0"})
    made.wait_seconds = 90.0
    made.run(f"PLUGIN = {str(made.plugins / 'scumble')!r}\n{WORDS}")
    yield made
    made.run("life.end(); window.delete()")


def test_a_job_rests_and_goes_on_by_keys(gimp: GimpProcess, engine_home, monkeypatch) -> None:
    monkeypatch.setenv("SCUMBLE_KEEP_SECONDS", "0")
    engine_home.start()
    gimp.begin(PAINT)
    with engine_home.client() as client:
        job = running_job(client)
        gimp.display.xdotool("windowfocus", "--sync", gimp.wait_for_window("Scumble: Style Transfer"))
        wait_until(lambda: next(j for j in client.jobs() if j["job"] == job)["step"] > 4, "some steps", 60)
        gimp.display.key("alt+p")
        wait_until(lambda: state(client, job) == "paused", "it rests")
        if folder := os.environ.get("SCUMBLE_SHOTS"):
            time.sleep(0.3)
            gimp.display.screenshot(Path(folder) / "gimp-paused.png")
        gimp.display.key("alt+r")
        wait_until(lambda: state(client, job) == "running", "it goes on")
    gimp.end()
    words = gimp.get("words")
    assert any(w[0].startswith("Paused at ") and w[1:] == ["_Resume", True] for w in words), words
    assert words[-1][1] == "_Pause"
    assert gimp.get("int(model[-1].rsplit(' ', 1)[1])") > 4, "it went on where it was kept"
    assert gimp.get("made[0].get_name()") == "kept"
