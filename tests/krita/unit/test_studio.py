"""The studio, over a link and a document that the test plays."""

from __future__ import annotations

import pytest

from .plugin import plugin_module
from .studio_parts import SEA, SKY, Editor, FakeLink, application, errors, wait_until

studios = plugin_module("model.studio")
engineroom = plugin_module("model.engineroom")
delivery = plugin_module("model.delivery")
history = plugin_module("wire.editor.jobs.history")
place = plugin_module("pictures.place")
turns = plugin_module("model.documentsteps")
document = plugin_module("pictures.document")
qt = plugin_module("qt")


@pytest.fixture
def editor(monkeypatch):
    played = Editor(document)
    monkeypatch.setattr(studios, "selected_sources", lambda margin: [played.active_source(margin)])
    monkeypatch.setattr(studios, "active_place", lambda: played.active_source(0.0))
    monkeypatch.setattr(studios, "show_on_canvas", played.notes.append)
    monkeypatch.setattr(delivery.layers, "add_result", played.add_result)
    monkeypatch.setattr(delivery.settings, "store", played.store)
    monkeypatch.setattr(document, "read_layer", played.read_layer)
    return played


@pytest.fixture
def studio(editor, tmp_path, monkeypatch):
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(tmp_path / name))
    application()
    made = studios.Studio(FakeLink(), history.History(tmp_path / "history"))
    yield made
    made.close()


def said(studio):
    heard = []
    studio.said.connect(heard.append)
    return heard


def finished(studio, recipe=SKY):
    """Run a job to its layer."""
    job = studio.run(recipe)
    studio.link.runs[-1].finish()
    wait_until(lambda: job.ended)
    return job


def test_a_run_becomes_a_layer_with_its_settings_and_an_entry_of_the_history(studio, editor):
    job = studio.run(SKY)
    assert studio.jobs == [job] and job.state == "sending" and job.title == "starry-night"
    assert studio.link.runs[0].request.styles[0].name == "starry-night"
    studio.link.runs[0].finish(5)
    wait_until(lambda: job.ended)
    assert job.state == "done" and studio.jobs == []
    ((source, ref, data, name),) = editor.added
    assert (name, data, ref.x, source.box.width) == ("starry-night", b"\x05" * 256, 0, 8)
    assert editor.stored == [("starry-night", SKY)]
    (entry,) = studio.history.entries
    assert (entry.title, entry.document_name, entry.recipe) == ("starry-night", "sea.kra", SKY)
    assert entry.pixels() == data and qt.QImage.fromData(entry.thumbnail).width() == 128
    assert "“starry-night” is a new layer" in studio.message
    assert set(job.times) >= {"asked", "read", "begun", "added"}


def test_pixels_are_let_go_when_they_are_not_needed(studio, editor):
    job = studio.run(SKY)
    assert job.source.content.data == b"" and job.source.selection is None
    studio.link.runs[0].finish()
    wait_until(lambda: job.ended)
    assert job.run.pixels == b""


def test_layers_are_not_added_while_the_link_turns(studio, editor, monkeypatch):
    inside = []
    monkeypatch.setattr(
        delivery.layers, "add_result", lambda *a, **k: inside.append(studio.link.turning) or editor.add_result(*a)
    )
    finished(studio)
    assert inside == [False]


def test_layers_wait_until_the_hands_are_free(studio, editor, monkeypatch):
    busy = [True]
    monkeypatch.setattr(turns, "hands_busy", lambda waited=0.0: busy[0])
    job = studio.run(SKY)
    studio.link.runs[0].finish()
    wait_until(lambda: job.state == "adding")
    for _ in range(20):
        application().processEvents()
    assert editor.added == []
    busy.clear(), busy.append(False)
    wait_until(lambda: job.ended)
    assert len(editor.added) == 1


def test_several_jobs_wait_in_order_and_end_one_by_one(studio, editor):
    first, second = studio.run(SKY), studio.run(SEA)
    assert studio.jobs == [first, second]
    studio.link.runs[1].finish(2)
    wait_until(lambda: second.ended)
    assert studio.jobs == [first]
    studio.link.runs[0].finish(1)
    wait_until(lambda: first.ended)
    assert [a[3] for a in editor.added] == ["great-wave", "starry-night"]


def test_cancel_ends_a_job_and_no_layer_comes(studio, editor):
    heard = said(studio)
    job = studio.run(SKY)
    studio.cancel(job)
    assert job.ended and job.state == "cancelled" and studio.jobs == []
    assert studio.link.runs[0].state == "cancelled"
    wait_until(lambda: studio.link.ticks > 3)
    assert editor.added == [] and heard[-1] == "Cancelled: starry-night"


def test_cancel_while_the_layer_waits(studio, editor, monkeypatch):
    busy = [True]
    monkeypatch.setattr(turns, "hands_busy", lambda waited=0.0: bool(busy))
    job = studio.run(SKY)
    studio.link.runs[0].finish()
    wait_until(lambda: job.state == "adding")
    studio.cancel(job)
    busy.clear()
    other = finished(studio, SEA)
    assert other.state == "done" and [a[3] for a in editor.added] == ["great-wave"]


def test_cancel_all(studio, editor):
    jobs = [studio.run(SKY), studio.run(SEA)]
    studio.cancel_all()
    assert [j.state for j in jobs] == ["cancelled", "cancelled"] and studio.jobs == []


def test_what_keeps_a_job_from_beginning_is_said(studio, editor):
    heard = said(studio)
    editor.problem = errors.ScumbleError("document-missing")
    assert studio.run(SKY) is None
    assert heard == editor.notes and heard[0].startswith(editor.problem.sentence)
    editor.problem = None
    assert studio.run(SKY.__class__()) is None
    assert "No style was chosen" in heard[-1]
    assert studio.jobs == [] and studio.link.runs == []


def test_a_job_that_fails_stays_in_sight_until_it_is_dismissed(studio, editor):
    job = studio.run(SKY)
    studio.link.runs[0].go("failed", error=errors.ScumbleError("diverged"))
    wait_until(lambda: job.error)
    assert job.state == "failed" and "diverged" in job.error and studio.jobs == [job]
    assert studio.message == job.error
    studio.dismiss(job)
    assert studio.jobs == []


def test_no_more_than_a_few_failures_stay(studio, editor):
    for _ in range(8):
        job = studio.run(SKY)
        studio.link.runs[-1].go("failed", error=errors.ScumbleError("diverged"))
        wait_until(lambda job=job: job.ended)
    assert len(studio.jobs) == plugin_module("wire.editor.jobs.jobs").KEPT_FAILURES


@pytest.mark.parametrize("code", ["document-closed", "layer-changed"])
def test_where_no_layer_can_be_made_the_result_is_kept(studio, editor, code):
    editor.refusal = errors.ScumbleError(code)
    job = finished(studio)
    assert job.state == "failed" and editor.refusal.sentence in job.error and "kept in the history" in job.error
    assert [e.pixels() for e in studio.history.entries] == [b"\x09" * 256]


def test_krita_refusing_in_its_own_way_is_said_in_plain_words(studio, editor):
    editor.refusal = RuntimeError("wrapped C/C++ object has been deleted")
    job = finished(studio)
    assert job.state == "failed" and "wrapped" not in job.error and "history" in job.error


def test_settings_that_cannot_be_stored_do_not_lose_the_layer(studio, editor, monkeypatch):
    def refuse(*_):
        raise RuntimeError("no")

    monkeypatch.setattr(delivery.settings, "store", refuse)
    job = finished(studio)
    assert job.state == "done" and len(editor.added) == 1 and len(studio.history.entries) == 1


def test_repeat_takes_what_was_chosen_last(studio, editor):
    assert studio.repeat_last() is None and "No style" in studio.message
    studio.run(SEA)
    job = studio.repeat_last()
    assert job.recipe == SEA == studio.last_recipe()


def test_a_kept_result_becomes_a_layer_again(studio, editor):
    finished(studio)
    studio.apply_again(studio.history.entries[0])
    wait_until(lambda: len(editor.stored) == 2)
    assert editor.added[1][2:] == editor.added[0][2:] and editor.stored[1] == ("starry-night", SKY)
    studio.history.entries[0].file.unlink()
    studio.apply_again(studio.history.entries[0])
    assert "starry-night" in studio.message and len(editor.added) == 2


def test_the_engine_in_words(studio):
    link = studio.link
    assert studio.engine_sentence() == "Off"
    studio.start_engine()
    assert studio.engine_sentence() == "Starting…"
    link.ready("NVIDIA H200")
    assert studio.engine_sentence() == "Ready, on NVIDIA H200"
    link.state, link.error = "off", errors.ScumbleError("engine-missing", reason="x", command="python install.py")
    assert "could not be started: x. Run: python install.py" in studio.engine_sentence()
    studio.stop_engine()
    assert studio.engine_sentence() == "Off" and link.did[-1] == "shutdown True"


def test_styles_come_with_the_engine_and_once_more_with_the_next(studio):
    heard = []
    studio.styles_changed.connect(lambda: heard.append(1))
    studio.start_engine()
    studio.link.ready()
    wait_until(lambda: studio.link.asked)
    type, then, _, fields = studio.link.asked.pop()
    assert (type, fields) == ("styles", {"thumbnails": True})
    plain = {"name": "scream", "title": "The Scream", "artist": "Munch", "year": 1893, "own": False, "thumbnail": b"J"}
    then({"styles": [plain, {"name": "mine", "own": True}, "damaged"]})
    assert heard == [1]
    first, second = studio.styles
    assert (first.title, first.year, first.thumbnail) == ("The Scream", "1893", b"J")
    assert (second.title, second.own, second.thumbnail) == ("mine", True, b"")
    assert studio.run(SKY).title == "starry-night"
    studio.link.state = "off"
    wait_until(lambda: studio.engine._seen[0] == "off")
    studio.link.ready()
    wait_until(lambda: studio.link.asked)


def test_turns_are_short_while_something_goes_on_and_stop_when_the_engine_is_off(studio, monkeypatch):
    monkeypatch.setattr(engineroom, "LINGER", 0.05)
    timer = studio.engine._timer
    job = studio.run(SKY)
    studio.link.ready()
    assert timer.isActive() and timer.interval() == engineroom.BUSY_MS
    studio.cancel(job)
    wait_until(lambda: timer.interval() == engineroom.IDLE_MS)
    studio.link.state = "off"
    wait_until(lambda: not timer.isActive())
    studio.run(SKY)
    assert timer.isActive() and timer.interval() == engineroom.BUSY_MS


def test_changes_are_told_once_a_turn(studio, editor):
    job = studio.run(SKY)
    studio.link.ready()
    wait_until(lambda: studio.link.asked)
    heard = []
    studio.changed.connect(lambda: heard.append(job.step))
    for step in range(5):
        studio.link.runs[0].go("running", step=step)
    ticks = studio.link.ticks
    wait_until(lambda: studio.link.ticks > ticks)
    assert heard == [4]


def test_closing_lets_everything_go(studio, editor):
    job = studio.run(SKY)
    studio.link.runs[0].finish()
    studio.close()
    studio.close()
    assert studio.link.did.count("close") == 1
    for _ in range(20):
        application().processEvents()
    assert editor.added == [] and not studio.engine._timer.isActive()
    assert job is not None


def test_the_dialog_is_opened_once_and_for_a_recipe_anew(studio, editor):
    made = []

    class Dialog:
        def __init__(self, studio, recipe, parent, chosen):
            self.recipe, self.shown, self.raised = recipe, False, 0
            made.append(self)

        def show(self):
            self.shown = True

        def isVisible(self):
            return self.shown

        def close(self):
            self.shown = False

        def raise_(self):
            self.raised += 1

        def activateWindow(self):
            pass

    studio.dialog_factory = Dialog
    studio.open_dialog()
    studio.open_dialog()
    assert len(made) == 1 and made[0].raised == 1
    studio.open_dialog(SEA)
    assert len(made) == 2 and made[1].recipe == SEA and not made[0].shown
    made[1].close()
    editor.problem = errors.ScumbleError("document-missing")
    studio.open_dialog()
    assert len(made) == 2 and editor.problem.sentence in studio.message
