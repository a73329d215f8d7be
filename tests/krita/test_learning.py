"""A style learned from a layer, in a real Krita by a real engine: ordered, watched with the dialog closed, used."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from .test_dialog import CAT, WORDS, open_dialog, photograph

ENGINE = ("--training-module", "quick_training")
LEARNING = """
def window():
    return dialog().learning.window

def card(name):
    return window().cards.get(name) if window() is not None else None

def picker():
    return dialog().parts.picker

def chosen():
    return [s.name for s in dialog().parts.rows.styles()]
"""
QUICK = "dialog().parts.form.editor('method').put('fast')"  # previews take no time from what is learned


@pytest.fixture
def cat(make_krita, engine_home, tmp_path, monkeypatch):
    """A Krita with a photograph open, and photographs to learn on."""
    noise = np.random.default_rng(2).integers(0, 255, (12, 12, 3), dtype=np.uint8)
    (tmp_path / "photos").mkdir()
    Image.fromarray(noise).resize((128, 128)).save(tmp_path / "photos" / "a.png")
    monkeypatch.setenv("SCUMBLE_NICENESS", "0")  # else it waits for all other tests
    engine_home.start()
    krita = make_krita(CAT)
    krita.wait_seconds = 90.0
    krita.run(WORDS + LEARNING)
    krita.wait("Krita.instance().activeDocument() is not None")
    krita.run("document = Krita.instance().activeDocument()")
    krita.wait("document.activeNode() is not None")
    krita.settle()
    return krita


def begin(krita, name, photographs):
    krita.click_widget("window().form.title")
    krita.display.type(name)
    krita.run(f"window().form.photographs.setText({str(photographs)!r})")
    krita.click_widget("window().learn")


@pytest.mark.timeout(300)
def test_a_layer_is_learned_while_the_dialog_is_closed_and_then_used(cat, tmp_path):
    open_dialog(cat, first=False)
    cat.run(QUICK)
    cat.click_widget("dialog().parts.rows.rows[0].picture")
    cat.wait("dialog().parts.picking()")
    photograph(cat, "learn-picker")
    cat.click_widget("picker().learn")
    cat.wait("window() is not None and window().isVisible()")
    cat.click_widget("window().learn")  # without a name
    cat.wait("'no name' in window().told.text")
    photograph(cat, "learn-form")
    begin(cat, "Cat Fur", tmp_path / "photos")
    cat.wait("card('cat-fur') is not None and window().told.text == ''")
    cat.run("dialog().reject()")
    cat.wait("dialog() is None")
    open_dialog(cat, first=False)  # another dialog finds it again
    cat.run(QUICK)
    cat.run("dialog().learning.open()")
    cat.wait("card('cat-fur') is not None")
    cat.wait("card('cat-fur').training.state == 'done' and card('cat-fur').sheet.isVisible()")
    photograph(cat, "learn-done")
    cat.wait("any(s.name == 'cat-fur' and s.own for s in dialog()._studio.styles)")
    cat.click_widget("card('cat-fur').buttons['use']")
    cat.wait("chosen() == ['cat-fur'] and not dialog().parts.picking()")
    assert cat.get("dialog().parts.rows.rows[0].name.text") == "Cat Fur"
