"""The docker's history: a grid that is changed row by row, and what can be done with a result."""

from __future__ import annotations

import struct

import pytest

from .docker_stage import StageEntry, StageStudio, application, button, turn, turn_until
from .plugin import plugin_module

historyview = plugin_module("docker.historyview")
savepicture = plugin_module("docker.savepicture")
qt = plugin_module("qt")
Key = qt.QtCore.Qt.Key


@pytest.fixture
def studio():
    application()
    return StageStudio()


@pytest.fixture
def history(studio):
    window = qt.QtWidgets.QWidget()
    view = historyview.HistoryView(studio, window)
    view.set_basis(260)
    view.resize(260, 500)
    window.show()
    studio.changed.connect(view.refresh)
    yield view
    window.close()
    window.deleteLater()
    turn(0.01)


def press(widget, key):
    kinds, none = qt.QtCore.QEvent.Type, qt.QtCore.Qt.KeyboardModifier.NoModifier
    application().sendEvent(widget, qt.QtGui.QKeyEvent(kinds.KeyPress, key, none))


def titles(history):
    model = history.model
    return [model.data(model.index(i, 0)) for i in range(model.rowCount())]


def actions(history):
    return {a.text(): a for a in history.menu.actions() if not a.isSeparator()}


def test_it_is_there_once_there_is_a_result(history, studio):
    history.refresh()
    assert not history.isVisible()
    studio.history.kept = [StageEntry()]
    history.refresh()
    assert history.isVisible() and titles(history) == ["Starry Night"]


def test_rows_come_and_go_one_by_one(history, studio):
    kept = [StageEntry(f"entry {i}") for i in range(5)]
    studio.history.kept = list(kept)
    history.refresh()
    news = []
    history.model.rowsInserted.connect(lambda p, a, b: news.append(("in", a, b)))
    history.model.rowsRemoved.connect(lambda p, a, b: news.append(("out", a, b)))
    history.model.modelReset.connect(lambda: news.append("reset"))
    history.refresh()
    assert news == []
    studio.history.kept = [StageEntry("new"), *kept[:2], kept[3]]
    history.refresh()
    assert titles(history) == ["new", "entry 0", "entry 1", "entry 3"]
    assert news == [("out", 4, 4), ("out", 2, 2), ("in", 0, 0)]


def test_columns_follow_the_width(history, studio):
    studio.history.kept = [StageEntry(str(i)) for i in range(6)]
    history.refresh()
    for basis, columns in ((100, 1), (150, 2), (231, 3), (297, 3), (600, 6)):
        history.set_basis(basis)
        history.resize(basis, 500)
        turn()
        rows = [history.grid.visualRect(history.model.index(i, 0)).y() for i in range(6)]
        assert rows.count(rows[0]) == min(columns, 6)
        assert history.grid.visualRect(history.model.index(5, 0)).bottom() <= history.grid.height()


def test_enter_opens_the_menu_and_its_actions_reach_the_studio(history, studio):
    entry = StageEntry()
    studio.history.kept = [entry]
    history.refresh()
    history.grid.setCurrentIndex(history.model.index(0, 0))
    press(history.grid, Key.Key_Return)
    assert list(actions(history)) == ["Apply again", "Settings again…", "Save picture…", "Remove"]
    actions(history)["Apply again"].trigger()
    actions(history)["Settings again…"].trigger()
    assert studio.calls == [("apply_again", entry), ("open_dialog", entry.recipe)]
    actions(history)["Remove"].trigger()
    history.menu.close()
    assert studio.history.kept == [] and titles(history) == []


def test_delete_removes_and_clear_clears(history, studio):
    studio.history.kept = [StageEntry("a"), StageEntry("b"), StageEntry("c")]
    history.refresh()
    history.grid.setCurrentIndex(history.model.index(1, 0))
    press(history.grid, Key.Key_Delete)
    assert titles(history) == ["a", "c"]
    button(history, "Clear").click()
    assert studio.history.kept == [] and not history.isVisible()


def test_a_key_without_a_thumbnail_does_nothing(history, studio):
    history.refresh()
    for key in (Key.Key_Return, Key.Key_Delete, Key.Key_Down):
        press(history.grid, key)
    assert history.menu is None and studio.calls == []


def test_a_damaged_thumbnail_is_painted_all_the_same(history, studio, monkeypatch):
    guard = plugin_module("guard")
    told = []
    monkeypatch.setattr(guard, "_reporter", told.append)
    studio.history.kept = [StageEntry(thumbnail=b"damaged"), StageEntry(thumbnail=b""), StageEntry()]
    history.refresh()
    turn()
    history.grid.grab()
    assert told == []


@pytest.mark.parametrize(("depth", "code", "scale"), [("u8", "B", 1), ("u16", "H", 257)])
def test_a_picture_is_saved_exactly(depth, code, scale, tmp_path):
    application()
    values = [v * scale for v in (200, 100, 50, 255, 1, 2, 3, 4, 255, 0, 128, 7, 9, 8, 7, 0)]
    entry = StageEntry(data=struct.pack(f"<16{code}", *values), depth=depth)
    savepicture.write_picture(entry, tmp_path / "a.png")
    image = qt.QtGui.QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height(), image.hasAlphaChannel()) == (4, 1, True)
    colors = [qt.QtGui.QColor(image.pixelColor(x, 0)).rgba64() for x in range(4)]
    found = [c for color in colors for c in (color.red(), color.green(), color.blue(), color.alpha())]
    assert found == [v * 257 // scale for v in values]


def test_floats_are_not_offered_for_saving(history, studio):
    studio.history.kept = [StageEntry(data=bytes(64), depth="f32")]
    history.refresh()
    history.grid.setCurrentIndex(history.model.index(0, 0))
    press(history.grid, Key.Key_Space)
    assert not actions(history)["Save picture…"].isEnabled() and actions(history)["Apply again"].isEnabled()
    history.menu.close()


def test_saving_says_how_it_went(studio, tmp_path):
    saver = savepicture.PictureSaver(studio.say)
    saver.write(StageEntry(), tmp_path / "a.png")
    turn_until(lambda: studio.message)
    assert studio.message == f"Saved as {tmp_path / 'a.png'}" and (tmp_path / "a.png").exists()
    studio.message = ""
    saver.write(StageEntry(), tmp_path / "no folder" / "a.png")
    turn_until(lambda: studio.message)
    assert "could not be written" in studio.message and "Check the folder" in studio.message
