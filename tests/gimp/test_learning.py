"""A style learned from a layer, in a real GIMP by a real engine: ordered, found by the next dialog, used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from ..editors.engine import EngineHome
from .gimpproc import GimpProcess
from .test_dialog import WORDS, photograph

ENGINE = ("--training-module", "quick_training")
LEARNING = """
def learn_window():
    return d.learning.window

def card(name):
    return learn_window().cards.get(name) if learn_window() is not None else None

def state(name):
    return card(name).training.state if card(name) is not None else ''
"""


@pytest.fixture
def gimp(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GimpProcess]:
    monkeypatch.setenv("SCUMBLE_NICENESS", "0")  # else it waits for all other tests
    engine_home.start()
    made = make_gimp(gui=True)
    made.wait_seconds = 150.0
    made.run(f"PLUGIN = {str(made.plugins / 'scumble')!r}\n{WORDS}\n{LEARNING}\nimage = picture()")
    yield made
    made.run("dialog_ended(); window.delete()")


@pytest.mark.timeout(240)
def test_a_layer_is_learned_over_two_dialogs_and_then_used(gimp: GimpProcess, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    Image.radial_gradient("L").resize((128, 128)).convert("RGB").save(tmp_path / "photos" / "a.png")
    gimp.run("""
        d = opened(); assert pump(60, lambda: d.engine.styles)
        d.choosing.pick(0); pump(0.2)
    """)
    photograph(gimp, "gimp-learn-chooser")
    gimp.run("d.parts.chooser.learn.clicked(); pump(0.3); learn_window().learn.clicked(); pump(0.2)")
    assert "no name" in gimp.get("learn_window().told.get_text()")
    assert gimp.get("learn_window().form.lesson().painting.name") == "Photo"
    photograph(gimp, "gimp-learn-form")
    gimp.run(f"""
        learn_window().form.title.set_text('Red Rows')
        learn_window().form.photographs.set_text({str(tmp_path / "photos")!r})
        learn_window().learn.clicked()
        assert pump(60, lambda: state('red-rows'))
        assert learn_window().told.get_text() == '' and learn_window().form.title.get_text() == ''
        d.end(); d = opened(); d.choosing.pick(0); d.learning.open()
        assert pump(150, lambda: state('red-rows') == 'done' and card('red-rows').sheet.get_visible())
        pump(0.3)
    """)
    photograph(gimp, "gimp-learn-done")
    gimp.run("""
        assert pump(30, lambda: any(s.name == 'red-rows' and s.own for s in d.engine.styles))
        card('red-rows').buttons['use'].clicked()
        pump(0.2)
    """)
    assert gimp.get("[s['name'] for s in plain()['styles']]") == ["red-rows"]
    assert gimp.get("[rows()[0].name.get_text(), d.parts.choosing(), learn_window().window.get_visible()]") == [
        "Red Rows",
        False,
        False,
    ]
