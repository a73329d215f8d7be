"""The choice of frames in the dialog: there where a layer moves, and what OK makes of it."""

from __future__ import annotations

import contextlib

import pytest

from .dialog_stage import Result, make_dialog, turn
from .plugin import plugin_module

recipes = plugin_module("wire.request.recipe")
remembered = plugin_module("dialog.remembered")
spans = plugin_module("wire.editor.frames.spans")


@pytest.fixture
def dialog(tmp_path, monkeypatch):
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(remembered, "_krita", lambda: None)
    monkeypatch.setattr(remembered, "_here", {})
    made = make_dialog(recipes.Recipe({}, (recipes.StyleChoice(name="starry-night"),)))
    yield made
    with contextlib.suppress(RuntimeError):  # a test closed it, and it is deleted
        made.close()
    turn(0.01)


def choose(dialog, at):
    choice = dialog.parts.target.frames
    choice.combo.setCurrentIndex(at)
    choice.combo.activated.emit(at)


def test_a_layer_that_moves_offers_its_frames(dialog):
    choice = dialog.parts.target.frames
    assert choice.isHidden() and dialog.parts.target.span() is None
    dialog.layers.spans = spans.spans((0, 4, 8), 3, 5)
    dialog.look_again()
    assert not choice.isHidden() and choice.combo.count() == 3
    assert "this frame only" in dialog.parts.target.line.text and dialog.parts.target.span() is None
    choose(dialog, 2)
    assert dialog.parts.target.span() == (0, 4) and "this frame only" not in dialog.parts.target.line.text
    dialog.layers.spans = spans.spans((0, 4, 6, 8), 3, 7)
    dialog.look_again()
    assert dialog.parts.target.span() == (0, 4, 6), "what was chosen stays chosen, by what it means"
    dialog.accept()
    assert dialog.studio.span == (0, 4, 6)


def test_a_layer_that_rests_offers_nothing_and_one_picture_is_painted(dialog):
    dialog.layers.spans = spans.spans((0, 4), 0, 9)
    dialog.look_again()
    choose(dialog, 1)
    dialog.layers.spans = []
    dialog.look_again()
    assert dialog.parts.target.frames.isHidden()
    dialog.accept()
    assert dialog.studio.span is None


def test_an_empty_range_is_told_by_who_paints(dialog):
    dialog.layers.spans = spans.spans((10, 20), 0, 5)
    dialog.look_again()
    choose(dialog, 2)
    assert dialog.parts.target.span() == ()


def test_layers_that_move_too_offer_what_was_painted_by_hand(dialog):
    target = dialog.parts.target
    dialog.layers.spans, dialog.layers.hands = spans.spans((0, 4), 0, 9), [("{1}", "By hand"), ("{2}", "Sketch")]
    dialog.look_again()
    assert target.keys.isHidden(), "of one frame there is nothing to lead"
    choose(dialog, 1)
    dialog.look_again()
    words = [target.keys.combo.itemText(n) for n in range(target.keys.combo.count())]
    assert not target.keys.isHidden() and words == ["None by hand", "By hand", "Sketch"]
    assert target.chosen() == (None, (0, 4), "")
    target.keys.combo.setCurrentIndex(2)
    dialog.layers.hands = [("{2}", "Drawn"), ("{1}", "By hand")]
    dialog.look_again()
    assert target.chosen()[2] == "{2}" and target.keys.combo.currentText() == "Drawn", "chosen stays chosen"
    dialog.accept()
    assert (dialog.studio.span, dialog.studio.by_hand) == ((0, 4), "{2}")


def test_a_layer_by_hand_that_goes_leads_no_more(dialog):
    dialog.layers.spans, dialog.layers.hands = spans.spans((0, 4), 0, 9), [("{1}", "By hand")]
    dialog.look_again()
    choose(dialog, 1)
    dialog.look_again()
    dialog.parts.target.keys.combo.setCurrentIndex(1)
    dialog.layers.hands = []
    dialog.look_again()
    assert dialog.parts.target.keys.isHidden()
    dialog.accept()
    assert dialog.studio.by_hand == ""


def words(choice):
    return [choice.combo.itemText(n) for n in range(choice.combo.count())]


def test_a_painted_animation_offers_the_frames_it_was_painted_from(dialog):
    target, by_hand = dialog.parts.target, [("{1}", "Sketch"), ("{2}", "By hand")]
    again = spans.spans_again((4, 8), False, (0, 4, 8, 9), 4, 7)
    dialog.layers.spans = spans.spans((0, 4), 0, 9)
    dialog.look_again()
    choose(dialog, 1)
    result = Result("The Scream", dialog.recipe(), again, by_hand, "{2}")
    dialog.layers.found = result
    dialog.look_again()
    assert target.edit.isChecked() and "replaces “The Scream”" in target.line.text
    assert "this frame only" not in target.line.text
    assert words(target.frames) == [
        "The same as before (2)",
        "All of the layer (4)",
        "From 4 to 7 on the timeline (1)",
    ]
    assert target.chosen() == (result, (4, 8), "{2}"), "not what was chosen of another layer"
    choose(dialog, 1)
    assert target.chosen() == (result, (0, 4, 8, 9), "{2}")
    dialog.look_again()
    dialog.accept()
    assert (dialog.studio.replaced, dialog.studio.span, dialog.studio.by_hand) == (result, (0, 4, 8, 9), "{2}")


def test_without_the_tick_a_painted_animation_is_a_layer_as_others(dialog):
    target, hands = dialog.parts.target, [("{1}", "Walk"), ("{2}", "By hand")]
    dialog.layers.spans, dialog.layers.hands = spans.spans((0, 4), 0, 9), hands
    again = spans.spans_again((0, 4), True, (0, 4), 0, 9)
    dialog.layers.found = Result("The Scream", dialog.recipe(), again, hands, "{2}")
    dialog.look_again()
    assert words(target.frames) == ["All of the layer (2)"] and target.chosen()[1:] == ((0, 4), "{2}")
    target.edit.click()
    assert words(target.frames)[0] == "This one" and target.chosen() == (None, None, ""), "only what is asked for"
    choose(dialog, 1)
    assert target.chosen() == (None, (0, 4), ""), "nobody leads it yet"
    target.edit.click()
    assert target.chosen() == (dialog.layers.found, (0, 4), "{2}")
    dialog.layers.found = Result("The Wave", dialog.recipe(), again, hands)
    dialog.look_again()
    assert target.chosen() == (dialog.layers.found, (0, 4), ""), "another one was led by nobody"
