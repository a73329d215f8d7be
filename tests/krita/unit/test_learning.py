"""The window in which a style is ordered and watched, without Krita or an engine."""

from __future__ import annotations

from typing import Any

import pytest

from .dialog_stage import jpeg, make_dialog, turn
from .plugin import plugin_module

Recipe = plugin_module("wire.request.recipe").Recipe
StyleChoice = plugin_module("wire.request.stylechoice").StyleChoice
Line = plugin_module("wire.editor.learning.lessons").Line
ScumbleError = plugin_module("wire.protocol.errors").ScumbleError


@pytest.fixture
def dialog() -> Any:
    made = make_dialog(Recipe({}, (StyleChoice("library", "great-wave"),)))
    made.parts.rows.pick.emit(0)
    made.parts.picker.learn.click()
    yield made
    made.reject()


def show(dialog: Any, *lines: Any) -> None:
    dialog.studio.lessons.lines = list(lines)
    dialog.studio.lessons_changed.emit()
    turn()


def test_the_active_layer_is_learned_by_the_name_that_is_given(dialog: Any) -> None:
    window, lessons = dialog.learning.window, dialog.studio.lessons
    assert lessons.watched and window.form.painting.currentText() == "Layer: Sky mask"
    window.learn.click()
    assert "has no name" in window.told.text and lessons.begun == []
    window.form.title.setText(" Sky ")
    window.form.tags.setText("blue, Air")
    window.form.length.set_value("good")
    window.learn.click()
    (fields, blobs), *more = lessons.begun
    assert (fields["title"], fields["tags"], fields["minutes"]) == ("Sky", ["blue", "air"], 15.0) and not more
    assert fields["picture"]["digest"] in blobs and fields["picture"]["format"]["width"] == 64
    assert window.told.text == "" and window.form.title.text() == ""


def test_a_file_gives_its_name_unless_one_was_written(dialog: Any, tmp_path: Any) -> None:
    (tmp_path / "great_wave.jpg").write_bytes(jpeg())
    form = dialog.learning.window.form
    form.take_file(str(tmp_path / "great_wave.jpg"))
    assert form.title.text() == "great wave" and form.painting.currentText() == "great_wave.jpg"
    form.painting.setCurrentIndex(1)
    assert form.title.text() == ""
    form.title.setText("My own")
    form.painting.setCurrentIndex(0)
    assert form.title.text() == "My own"
    dialog.learning.window.learn.click()
    assert dialog.studio.lessons.begun[0][0]["picture"]["format"] is None


def test_trainings_come_tell_and_are_acted_on(dialog: Any) -> None:
    window, lessons = dialog.learning.window, dialog.studio.lessons
    lessons.sheets["a"] = jpeg()
    show(dialog, Line("a", "Ink", "running", "learning", 0.42, 70.0))
    card = window.cards["a"]
    assert card.words.text == "Learning, 42 %, 70 s left" and card.bar.value() == 420 and card.sheet.isVisible()
    assert dialog.parts.picker.learn.text() == "Learning, 42 %…"
    card.buttons["pause"].click()
    show(dialog, Line("a", "Ink", "paused", part=0.42))
    assert "Paused" in card.words.text and dialog.parts.picker.learn.text() == "Learn a style…"
    card.buttons["resume"].click()
    show(dialog, Line("a", "Ink", "failed", error=ScumbleError("disk-full")))
    assert "no space" in card.words.text and not card.bar.isVisible()
    card.buttons["cancel"].click()
    assert lessons.done == [("a", "pause"), ("a", "resume"), ("a", "cancel")]
    show(dialog)
    assert window.cards == {}


def test_a_learned_style_is_used_where_it_was_chosen_for(dialog: Any) -> None:
    show(dialog, Line("ink", "Ink", "done", part=1.0))
    dialog.learning.window.cards["ink"].buttons["use"].click()
    assert [s.name for s in dialog.parts.rows.styles()] == ["ink"] and not dialog.parts.picking()
    assert not dialog.learning.window.isVisible()


def test_when_the_dialog_ends_nobody_watches_any_more(dialog: Any) -> None:
    dialog.reject()
    assert not dialog.studio.lessons.watched and not dialog.learning.window.isVisible()
    dialog.studio.lessons_changed.emit()
