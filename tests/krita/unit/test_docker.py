"""The docker's panel: what it shows when, how seldom it is updated, and what it survives."""

from __future__ import annotations

import time
from itertools import pairwise
from types import SimpleNamespace

import pytest

from .docker_stage import StageEntry, StageJob, StageStudio, application, button, picture, turn, turn_until
from .plugin import plugin_module

panel_module = plugin_module("docker.panel")
errors = plugin_module("wire.protocol.errors")
parts = plugin_module("dockparts")
qt = plugin_module("qt")


@pytest.fixture
def studio(monkeypatch):
    application()
    monkeypatch.setattr(plugin_module("docker.queueview"), "document_name", lambda job: "walk.kra")
    return StageStudio()


@pytest.fixture
def make_panel(studio):
    made = []

    def make(width=280, height=700):
        panel = panel_module.ScumblePanel(studio)
        panel.resize(width, height)
        panel.show()
        made.append(panel)
        turn_until(lambda: panel.engine._state.text)
        return panel

    yield make
    for panel in made:
        panel.close()
        panel.deleteLater()
    turn(0.01)


def count_updates(panel, monkeypatch):
    """A list that grows with each update."""
    seen, update = [], panel.engine.refresh
    monkeypatch.setattr(panel.engine, "refresh", lambda told: (seen.append(time.monotonic()), update(told)))
    return seen


def test_an_empty_docker_says_how_to_begin(make_panel, studio):
    panel = make_panel()
    assert panel.empty.isVisible() and not panel.queue.front.isVisible() and not panel.history.isVisible()
    button(panel, "Style Transfer…").click()
    button(panel, "Repeat last").click()
    assert studio.calls == [("open_dialog",), ("repeat_last",)]
    studio.jobs = [StageJob()]
    studio.changed.emit()
    turn_until(lambda: panel.queue.front.isVisible())
    assert not panel.empty.isVisible()
    button(panel.queue.cards[0], "Cancel").click()
    turn_until(lambda: panel.empty.isVisible())
    assert not panel.queue.isVisible() and not panel.queue.front.isVisible()


def test_many_changes_are_few_updates(make_panel, studio, monkeypatch):
    panel = make_panel()
    updates = count_updates(panel, monkeypatch)
    begun = time.monotonic()
    while time.monotonic() - begun < 1.0:
        studio.changed.emit()
        application().processEvents()
        time.sleep(0.001)
    assert 1 <= len(updates) <= 12
    assert all(b - a > 0.08 for a, b in pairwise(updates))


def test_a_hidden_docker_works_only_when_it_is_seen_again(make_panel, studio, monkeypatch):
    panel = make_panel()
    updates = count_updates(panel, monkeypatch)
    panel.hide()
    turn(0.2)
    updates.clear()
    studio.say("Said while nobody looked.")
    turn(0.3)
    assert updates == []
    panel.show()
    turn_until(lambda: panel.message.isVisible())
    assert panel.message.toPlainText() == "Said while nobody looked." and len(updates) == 1


def test_the_engine_in_words_and_its_menu(make_panel, studio):
    panel = make_panel()
    view = panel.engine
    assert view._state.text == "Ready: a test" and view._dot.hue == parts.GREEN
    assert not view.start.isEnabled() and view.stop.isEnabled() and view.stop.text() == "Stop"
    studio.link.remote = True
    studio.changed.emit()
    turn_until(lambda: view.stop.text() == "Disconnect")
    studio.link.remote = False
    view.stop.trigger()
    studio.link.state, studio.sentence = "off", "Off"
    studio.changed.emit()
    turn_until(lambda: view._state.text == "Off until you need it")
    assert view._dot.hue is None and view.start.isEnabled() and not view.stop.isEnabled()
    view.start.trigger()
    assert studio.calls == [("stop_engine",), ("start_engine",)]
    studio.link.state, studio.sentence = "starting", "Starting…"
    studio.changed.emit()
    turn_until(lambda: view._dot.hue == parts.AMBER)


def test_what_is_wrong_with_the_engine_has_its_remedy_below_and_is_said_once(make_panel, studio):
    panel = make_panel()
    error = errors.ScumbleError("engine-lost")
    studio.link = SimpleNamespace(state="off", error=error, remote=False, can_pause=True)
    studio.sentence = plugin_module("texts").explain(error)
    studio.say(studio.sentence)
    turn_until(lambda: panel.engine._dot.hue == parts.RED)
    assert panel.engine._state.text == "Not running"
    assert (panel.engine._sentence.text, panel.engine._remedy.text) == (error.sentence, error.remedy)
    assert not panel.message.isVisible()
    studio.say("Something else.")
    turn_until(lambda: panel.message.isVisible())


def test_a_sentence_is_put_away_by_its_cross_and_by_the_next_job(make_panel, studio):
    panel = make_panel()
    studio.say("Done: a layer.")
    turn_until(lambda: panel.message.isVisible())
    button(panel, "×").click()
    turn_until(lambda: not panel._strip.isVisible())
    studio.say("Cancelled: a job.")
    turn_until(lambda: panel.message.isVisible())
    first = StageJob(state="running", step=1, of=5)
    studio.jobs = [first]
    studio.changed.emit()
    turn_until(lambda: not panel.message.isVisible())
    studio.say("Said while it is painted.")
    turn_until(lambda: panel.message.text == "Said while it is painted." and panel.message.isVisible())
    studio.jobs = []
    studio.changed.emit()
    turn_until(lambda: not panel.queue.cards)
    assert panel.message.isVisible()


def test_a_failure_that_a_card_tells_is_not_told_twice(make_panel, studio):
    panel = make_panel()
    studio.jobs = [StageJob(state="failed", error="It went wrong. Try again.")]
    studio.say("It went wrong. Try again.")
    turn_until(lambda: panel.queue.cards)
    assert not panel.message.isVisible()


def test_an_engine_that_died_under_a_job_is_told_of_by_its_card(make_panel, studio):
    panel = make_panel()
    error = errors.ScumbleError("engine-lost")
    studio.link = SimpleNamespace(state="off", error=error, remote=False, can_pause=True)
    studio.sentence = plugin_module("texts").explain(error)
    job = StageJob(state="failed", error=studio.sentence)
    studio.jobs = [job]
    studio.say(studio.sentence)
    turn_until(lambda: panel.engine._dot.hue == parts.RED)
    assert panel.engine._state.text == "Not running" and not panel.engine._sentence.text + panel.engine._remedy.text
    studio.cancel(job)
    turn_until(lambda: panel.engine._sentence.text == error.sentence)


def test_two_windows_show_one_studio(make_panel, studio):
    first, second = make_panel(), make_panel(220, 500)
    job = StageJob(state="running", step=1, of=5)
    studio.jobs = [job]
    studio.changed.emit()
    turn_until(lambda: len(first.queue.cards) == 1 == len(second.queue.cards))
    button(second.queue.cards[0], "Cancel").click()
    turn_until(lambda: not first.queue.cards and not second.queue.cards)


@pytest.mark.parametrize(("width", "height"), [(220, 900), (220, 160), (600, 300)])
def test_it_fits_narrow_and_short(make_panel, studio, width, height):
    studio.jobs = [StageJob("A very long title of many styles " * 4, "running", step=1, of=5)]
    studio.history.kept = [StageEntry(str(i)) for i in range(20)]
    studio.message = "/a/path/without/a/single/blank/" * 8
    panel = make_panel(width, height)
    turn(0.3)
    assert (panel.width(), panel.height()) == (width, height)
    inner = panel._content
    assert inner.width() <= width and inner.minimumSizeHint().width() <= width
    for area in panel.findChildren(qt.QtWidgets.QScrollArea):
        assert area.horizontalScrollBar().maximum() == 0
    assert panel.message.viewport().width() >= panel.message.document().idealWidth()


@pytest.mark.parametrize("size", [(180, 110), (180, 300), (262, 130), (262, 221), (300, 700), (500, 700), (500, 240)])
def test_the_job_is_whole_in_a_docker_of_every_size(make_panel, studio, size):
    job = StageJob("Evening; Red Tree + The Scream", "running", step=12, of=177, seconds_left=80.0)
    job.source.box, job.image = SimpleNamespace(width=600, height=400), picture(60, 40)
    studio.jobs = [job, StageJob("second"), StageJob("third")]
    studio.history.kept = [StageEntry(str(i)) for i in range(20)]
    panel = make_panel(*size)
    turn(0.5)
    (card, *_), rect = panel.queue.cards, panel.rect()
    for part in (card._title, card._picture, card._bar, card._state, card._cancel):
        place = qt.QtCore.QRect(part.mapTo(panel, qt.QtCore.QPoint(0, 0)), part.size())
        assert part.isVisible() and rect.contains(place) and part.visibleRegion().boundingRect() == part.rect()
    assert card._state.fontMetrics().horizontalAdvance(card._state.shown()) <= card._state.width()
    assert card._cancel.width() >= card._cancel.sizeHint().width()


def test_an_empty_docker_says_whole_sentences_or_none(make_panel, studio):
    panel, seen = make_panel(262, 500), []
    for height in range(500, 60, -11):
        panel.resize(262, height)
        turn(0.02)
        shown = [not part.isHidden() for part in (panel.empty._first, panel.empty._more, panel.empty._emblem)]
        seen.append(sum(shown))
        assert shown == sorted(shown, reverse=True)  # the sentence comes first
        assert panel._middle.verticalScrollBar().maximum() == 0 or not any(shown)
    assert seen[0] == 3 and seen == sorted(seen, reverse=True)


def test_keys_reach_everything(make_panel, studio):
    studio.jobs = [StageJob(state="running", step=1, of=5), StageJob()]
    studio.history.kept = [StageEntry()]
    panel = make_panel()
    turn()
    policies = qt.QtCore.Qt.FocusPolicy
    for text in ("Style Transfer…", "Repeat last", "Engine", "Cancel all", "Cancel", "Clear", "×"):
        assert button(panel, text).focusPolicy() in (policies.TabFocus, policies.StrongFocus), text
    assert panel.history.grid.focusPolicy() in (policies.StrongFocus, policies.WheelFocus)


def test_a_studio_that_fails_is_reported_and_not_raised(make_panel, studio, monkeypatch):
    told = []
    panel = make_panel()
    monkeypatch.setattr(plugin_module("guard"), "_reporter", told.append)
    monkeypatch.setattr(studio, "engine_sentence", lambda: 1 / 0)
    studio.changed.emit()
    turn_until(lambda: told)
    assert isinstance(told[0], ZeroDivisionError)
    monkeypatch.undo()
    studio.message = "well again"
    studio.changed.emit()
    turn_until(lambda: panel.message.text == "well again")


def test_colours_follow_the_theme(make_panel, studio):
    studio.message = "A sentence."
    panel = make_panel()
    roles, text = qt.QtGui.QPalette.ColorRole, qt.QtGui.QPalette.ColorRole.Text
    for window, words in (("#202020", "#dddddd"), ("#e0e0e0", "#111111")):
        palette = qt.QtGui.QPalette()
        for role, color in ((roles.Window, window), (roles.WindowText, words)):
            palette.setColor(role, qt.QtGui.QColor(color))
        panel.setPalette(palette)
        turn()
        assert panel.message.palette().color(text).name() == words
        assert panel._strip.card.grab().toImage().pixelColor(100, 3).name() == parts.shade(palette, 0.07).name()
