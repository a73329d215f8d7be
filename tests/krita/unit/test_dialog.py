"""The dialog as a whole, on a stage."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import pytest

from .dialog_stage import Layers, Result, Studio, application, drag, key, make_dialog, picture, qt, turn, turn_until
from .plugin import plugin_module

presets = plugin_module("wire.request.presets")
remembered = plugin_module("dialog.remembered")
recipes = plugin_module("wire.request.recipe")
Choice, Recipe = recipes.StyleChoice, recipes.Recipe

TWO = Recipe(
    {"strength": 0.8, "iterations": 60},
    (Choice("library", "starry-night", weight=0.7), Choice("library", "great-wave", weight=0.3, stroke_size=0.5)),
)


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(remembered, "_krita", lambda: None)
    monkeypatch.setattr(remembered, "_here", {})


@pytest.fixture
def dialog():
    made = make_dialog(TWO)
    yield made
    with contextlib.suppress(RuntimeError):  # a test closed it, and it is deleted
        made.close()
    turn(0.01)


def test_it_shows_the_recipe_and_gives_it_back(dialog):
    assert dialog.recipe() == TWO
    assert dialog.preview.shown == [TWO]
    assert not dialog.isModal() and dialog.studio.started == 1


def test_without_a_recipe_it_begins_with_a_style_of_the_library():
    made = make_dialog(Recipe())
    assert made.recipe() == Recipe({}, (Choice("library", "starry-night"),))
    made.close()


def test_a_drag_asks_for_a_preview_at_once_and_for_the_newest_alone(dialog):
    bar = dialog.parts.form.editor("strength").widget
    for i in range(1, 20):
        drag(bar, i / 20)
    turn_until(lambda: len(dialog.preview.shown) > 1)
    assert [r.value("strength") for r in dialog.preview.shown[1:]] == [0.95]


def test_a_picture_replaces_what_was_said(dialog):
    canvas = dialog.parts.pane.canvas
    dialog.preview.failed.emit("Something is missing.")
    assert canvas.sentence == "Something is missing."
    dialog.preview.ready.emit(picture(120, 80, "#ff0000"))
    assert canvas.sentence == "" and canvas.picture.pixelColor(1, 1).red() == 255


def middle(dialog):
    canvas = dialog.parts.pane.canvas
    return canvas.grab().toImage().pixelColor(canvas.width() // 2, canvas.height() // 2).name()


def test_before_is_seen_while_the_button_or_the_picture_is_held(dialog):
    dialog.preview.ready.emit(picture(120, 80, "#ff0000"))
    turn_until(lambda: middle(dialog) == "#ff0000")  # it fades in
    dialog.parts.pane.hold.pressed.emit()
    assert middle(dialog) == "#804020"
    dialog.parts.pane.hold.released.emit()
    assert middle(dialog) == "#ff0000"


def test_what_there_is_to_be_said_of_a_preview_stands_under_it(dialog):
    assert dialog.parts.pane.note.text == ""
    dialog.preview.said.emit("Refining…")
    assert dialog.parts.pane.note.text == "Refining…"
    dialog.preview.said.emit("")
    assert dialog.parts.pane.note.text == ""


def test_ok_runs_what_is_set_and_keeps_it(dialog):
    dialog.parts.ok.click()
    assert dialog.studio.ran == [TWO] and not dialog.isVisible()
    assert presets.load_last("krita") == TWO and dialog.preview.stops == 1


def test_enter_is_ok_and_escape_is_cancel():
    for name, ran in (("Return", [TWO]), ("Escape", [])):
        made = make_dialog(TWO)
        key(made, name)
        assert made.studio.ran == ran and not made.isVisible()


def test_cancel_runs_nothing(dialog):
    dialog.parts.cancel.click()
    assert dialog.studio.ran == [] and not dialog.isVisible()


def test_what_cannot_begin_is_said_and_the_dialog_stays(dialog):
    dialog.studio.begins, dialog.studio.message = False, "No picture is open."
    dialog.parts.ok.click()
    assert dialog.isVisible() and dialog.parts.pane.canvas.sentence == "No picture is open."


def test_what_cannot_be_meant_is_said_with_its_remedy(dialog):
    dialog.parts.form.editor("style_layers").widget.setText("x:y")
    dialog.parts.ok.click()
    assert dialog.studio.ran == [] and "style_layers" in dialog.parts.pane.canvas.sentence


def test_a_style_is_added_with_a_preview_while_looking(dialog):
    dialog.parts.rows.add.click()
    assert dialog.parts.picking() and not dialog.parts.ok.isVisible()
    key(dialog.parts.picker.search, "Down")
    assert [s.name for s in dialog.preview.shown[-1].styles] == ["starry-night", "great-wave", "starry-night"]
    key(dialog.parts.picker.grids["library"], "Return", "\r")
    assert not dialog.parts.picking() and len(dialog.recipe().styles) == 3
    assert [s.weight for s in dialog.recipe().styles] == [0.47, 0.2, 0.33]


def test_enter_anywhere_in_the_picker_takes_the_style_and_runs_nothing(dialog):
    dialog.choosing.pick(1)
    dialog.accept()
    assert not dialog.parts.picking() and dialog.isVisible() and dialog.studio.ran == []
    assert dialog.recipe() == TWO  # it was current already


def test_leaving_the_picker_changes_nothing(dialog):
    dialog.parts.rows.rows[1].picture.click()
    key(dialog.parts.picker.search, "Up")
    dialog.parts.picker.grids["library"].setCurrentRow(0)
    assert [s.name for s in dialog.preview.shown[-1].styles] == ["starry-night", "starry-night"]
    key(dialog.parts.picker.grids["library"], "Escape")
    turn_until(lambda: dialog.preview.shown[-1] == TWO)
    assert dialog.isVisible() and dialog.recipe() == TWO


def test_reset_sets_everything_back(dialog):
    dialog.parts.reset.click()
    assert dialog.recipe() == Recipe({}, (Choice("library", "starry-night"),))


def test_devices_are_a_list_of_names_in_which_a_strange_one_stays(dialog):
    dialog.studio.link.info = {"devices": [{"name": "cuda:0", "title": "NVIDIA H9"}, {"name": "cpu", "title": "CPU"}]}
    dialog.put(Recipe({"device": "cuda:7"}, TWO.styles))
    dialog.studio.changed.emit()
    combo = dialog.parts.form.editor("device").widget
    assert [combo.itemText(i) for i in range(combo.count())] == ["Automatic", "NVIDIA H9", "Processor", "cuda:7"]
    assert dialog.recipe().value("device") == "cuda:7"
    combo.setCurrentIndex(1)
    assert dialog.recipe().value("device") == "cuda:0"


def test_the_engine_that_starts_is_named_until_it_is_there(dialog):
    dialog.studio.link.state = "starting"
    dialog.studio.changed.emit()
    assert dialog.parts.pane.canvas.sentence == "Starting the engine…"
    dialog.studio.link.state = "ready"
    dialog.studio.changed.emit()
    assert dialog.parts.pane.canvas.sentence == ""


def test_without_a_picture_it_says_so_and_finds_one_later(dialog):
    dialog.preview.missing = "No picture is open."
    dialog.parts.pane.refresh.emit()
    dialog.studio.link.state = "starting"
    dialog.studio.changed.emit()
    assert dialog.parts.pane.canvas.sentence == "No picture is open."
    assert not dialog.parts.pane.hold.isEnabled()
    dialog.preview.missing, dialog.preview.before = "", picture(50, 50)
    dialog.studio.link.state = "ready"
    dialog.parts.pane.refresh.emit()
    assert dialog.parts.pane.canvas.sentence == "" and dialog.parts.pane.hold.isEnabled()


def test_styles_that_come_late_get_their_titles_and_pictures():
    studio = Studio()
    late, studio.styles = studio.styles, []
    made = make_dialog(TWO, studio)
    made.choosing.pick(0)
    assert "library comes with the engine" in made.parts.picker.nothing.text()
    studio.styles = late
    studio.styles_changed.emit()
    assert made.parts.rows.rows[0].name.text == "The Starry Night"
    assert made.parts.picker.grids["library"].isVisible()
    made.close()


def entries(dialog):
    dialog.parts.presets.fill()
    return {a.text(): a for a in dialog.parts.presets.menu().actions() if a.text()}


def test_presets_are_kept_taken_up_and_deleted(dialog):
    dialog.parts.presets.presets.save("Sky & sea")
    other = Recipe({"colors": "palette"}, (Choice("library", "great-wave"),))
    dialog.put(other)
    entries(dialog)["Sky && sea"].trigger()
    assert dialog.recipe() == TWO
    dialog.parts.presets.presets.remove("Sky & sea")
    assert "Sky && sea" not in entries(dialog) and "Save as…" in entries(dialog)


def test_the_settings_of_a_painted_layer_are_taken_up(dialog):
    assert not entries(dialog)["Settings of this layer"].isEnabled()
    dialog.layers.kept = Recipe({"method": "fast"}, (Choice("library", "great-wave"),))
    entries(dialog)["Settings of this layer"].trigger()
    assert dialog.recipe() == dialog.layers.kept


def test_closed_it_is_deaf(dialog):
    dialog.close()
    shown = len(dialog.preview.shown)
    dialog.studio.changed.emit()
    dialog.studio.styles_changed.emit()
    turn(0.02)
    assert len(dialog.preview.shown) == shown and dialog.preview.stops == 1


def test_it_opens_as_large_as_it_was_left():
    first = make_dialog(TWO)
    first.resize(780, 700)
    turn()
    first.close()
    assert make_dialog(TWO).size() == qt.QtCore.QSize(780, 700)


def test_it_fits_a_small_screen(dialog):
    least = dialog.minimumSizeHint()
    assert least.width() <= 1000 and least.height() <= 640
    application()


def test_what_ok_would_take_stands_before_it_and_a_smaller_size_is_offered() -> None:
    studio = Studio()
    dialog = make_dialog(Recipe({}, (Choice(name="starry-night"),)), studio)
    turn_until(lambda: studio.asked)
    assert dialog.parts.estimate.line.text == "About 20 s · 1.2 GB" and not dialog.parts.estimate.smaller.isVisible()
    studio.estimate = {"seconds": 130.0, "bytes": 3_000_000_000, "smaller": {"size": 1024, "seconds": 38.0}}
    dialog.put(Recipe({"strength": 0.5}, (Choice(name="starry-night"),)))
    dialog.ask()
    assert dialog.parts.estimate.line.text == "About 2 min · 3.0 GB"
    assert dialog.parts.estimate.smaller.isVisible() and dialog.parts.estimate.smaller.text() == "At 1024 px about 40 s"
    dialog.parts.estimate.smaller.click()
    assert dialog.recipe().value("size") == 1024
    turn_until(lambda: studio.asked[-1][1]["request"].get("size") == 1024)
    dialog.reject()


def test_the_dialog_names_what_it_paints_and_a_result_is_edited_unless_told() -> None:
    layers = Layers()
    layers.found = Result("The Scream", TWO)
    dialog = make_dialog(Recipe({}, (Choice(name="starry-night"),)), layers=layers)
    assert dialog.recipe() == TWO and dialog.preview.over is layers.found
    assert dialog.parts.target.edit.isVisible() and dialog.parts.target.edit.isChecked()
    assert dialog.parts.target.line.text == "Layer: Photo · selection 120×300 · replaces “The Scream”"
    dialog.parts.target.edit.click()
    turn_until(lambda: dialog.preview.over is None)
    assert dialog.parts.target.line.text == "Layer: Photo · selection 120×300"
    dialog.parts.target.edit.click()
    dialog.accept()
    assert dialog.studio.replaced is layers.found


def test_another_layer_is_painted_as_it_is() -> None:
    dialog = make_dialog(TWO)
    assert not dialog.parts.target.edit.isVisible() and dialog.preview.over is None
    dialog.layers.found = Result("The Scream", TWO)
    dialog.look_again()
    assert dialog.parts.target.edit.isChecked() and dialog.preview.over is dialog.layers.found
    dialog.layers.found = None
    dialog.look_again()
    assert dialog.preview.over is None
    dialog.accept()
    assert dialog.studio.ran == [TWO] and dialog.studio.replaced is None


def test_a_picture_that_is_dropped_or_pasted_is_a_style(dialog, tmp_path):
    path = tmp_path / "paint.png"
    assert picture(40, 30).save(str(path))
    data = qt.QtCore.QMimeData()
    data.setUrls([qt.QtCore.QUrl.fromLocalFile(str(path))])
    row = dialog.parts.rows.rows[1]
    place = row.mapTo(dialog, row.rect().center())
    copy, left, none = qt.Qt.DropAction.CopyAction, qt.Qt.MouseButton.LeftButton, qt.Qt.KeyboardModifier.NoModifier
    entered = qt.QtGui.QDragEnterEvent(place, copy, data, left, none)
    application().sendEvent(dialog, entered)
    assert entered.isAccepted()
    at = qt.QtCore.QPointF(place) if qt.MAJOR == 6 else place
    application().sendEvent(dialog, qt.QtGui.QDropEvent(at, copy, data, left, none))
    assert [s.name for s in dialog.recipe().styles] == ["starry-night", str(path)]

    qt.QtWidgets.QApplication.clipboard().setImage(picture(12, 9, "#ff0000"))
    dialog.given.paste.activated.emit()
    pasted = dialog.recipe().styles[0]
    assert pasted.source == "file" and qt.QImage(pasted.name).size() == qt.QSize(12, 9)


def test_what_is_no_picture_is_not_taken(dialog):
    data = qt.QtCore.QMimeData()
    data.setText("not a picture")
    place, copy = qt.QtCore.QPoint(9, 9), qt.Qt.DropAction.CopyAction
    entered = qt.QtGui.QDragEnterEvent(
        place, copy, data, qt.Qt.MouseButton.LeftButton, qt.Qt.KeyboardModifier.NoModifier
    )
    application().sendEvent(dialog, entered)
    qt.QtWidgets.QApplication.clipboard().setText("nor this")
    dialog.given.paste.activated.emit()
    assert not entered.isAccepted() and dialog.recipe() == TWO


def test_a_mask_to_paint_becomes_the_rows_and_is_put_away_after_ok(dialog):
    dialog.parts.rows.paint.emit(0)
    style = dialog.recipe().styles[0]
    assert (style.mask, style.mask_name, style.mask_layer) == ("layer", "Mask: The Starry Night", "{3}")
    assert dialog.parts.rows.rows[0].mask.combo.currentText() == "Mask: The Starry Night"
    dialog.parts.ok.click()
    assert dialog.layers.put == ["{3}"]


def test_a_close_up_is_read_anew_and_left_again(dialog):
    looks = dialog.preview.looks
    dialog.parts.pane.canvas.closer.emit((0.5, 0.25))
    spot, room = dialog.preview.closer[-1]
    assert spot == (0.5, 0.25) and max(room) <= 448 and dialog.preview.looks == looks + 1
    assert dialog.parts.pane.canvas.hand.close
    dialog.parts.pane.canvas.closer.emit(None)
    assert dialog.preview.closer[-1][0] is None and not dialog.parts.pane.canvas.hand.close


def test_the_line_between_before_and_after_is_seen(dialog):
    canvas = dialog.parts.pane.canvas
    dialog.preview.ready.emit(picture(120, 80, "#ff0000"))
    canvas._new_at = 0.0  # faded in
    dialog.parts.pane.split.click()
    shown, y = canvas.grab().toImage(), canvas.height() // 2 - 40
    left, right = (shown.pixelColor(int(canvas.width() * part), y).red() for part in (0.25, 0.75))
    assert left < 200 and right == 255
    dialog.parts.pane.split.click()
    assert canvas.grab().toImage().pixelColor(int(canvas.width() * 0.25), y).red() == 255


def test_the_manual_is_shown_or_named(dialog, monkeypatch):
    asked = []
    browser = SimpleNamespace(openUrl=lambda url: bool(asked.append(url.toLocalFile())))
    monkeypatch.setattr(plugin_module("helpbutton"), "QDesktopServices", browser)
    dialog.parts.help.click()
    assert asked[0].endswith("Manual.html") and dialog.parts.pane.note.text == (
        f"No browser opened. The manual is {asked[0]}"
    )
