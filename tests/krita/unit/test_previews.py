"""Previews in Krita: read, sent, composed over what is there. When they are asked for: tests/wire/editor/preview."""

from __future__ import annotations

import pytest

from .plugin import plugin_module
from .studio_parts import SEA, SKY, Editor, FakeLink, application, errors, recipes, wait_until

previews = plugin_module("model.previews")
studios = plugin_module("model.studio")
history = plugin_module("wire.editor.jobs.history")
document = plugin_module("pictures.document")
waiting = plugin_module("wire.editor.preview.previews")
events = plugin_module("wire.protocol.events")
pixels = plugin_module("wire.protocol.pixels")
SLOW = recipes.Recipe({}, SKY.styles)  # by optimize


@pytest.fixture
def editor(monkeypatch):
    played = Editor(document)
    played.side = 16
    for name in ("small_active_source", "small_source", "read_layer", "selected_size"):
        monkeypatch.setattr(previews.document, name, getattr(played, name))
    return played


@pytest.fixture
def link():
    return FakeLink()


@pytest.fixture
def preview(editor, link, tmp_path):
    application()
    studio = studios.Studio(link, history.History(tmp_path))
    made = previews.Preview(studio)
    made.refresh_source()
    yield made
    studio.close()


def listen(signal):
    heard = []
    signal.connect(heard.append)
    return heard


def test_a_preview_is_the_result_over_the_picture(preview, link):
    pictures, busy = listen(preview.ready), listen(preview.busy)
    assert (preview.before.width(), preview.before.height()) == (16, 16)
    preview.show(SKY)
    assert busy == [True]
    request = link.runs[0].request
    assert (request.method, request.preview_size, request.canvas) == ("fast", 0, (16, 16))
    link.runs[0].finish(255)
    wait_until(lambda: pictures)
    assert pictures[0].size() == preview.before.size()
    assert pictures[0].pixel(3, 3) == 0xFFFFFFFF and preview.before.pixel(3, 3) == 0xFFC8C8C8
    assert busy == [True, False] and preview.previews.seconds > 0


def test_of_optimize_a_first_look_is_refined_and_live_pictures_are_shown(preview, link, monkeypatch):
    monkeypatch.setattr(waiting, "PAUSE", 0.01)
    pictures, words = listen(preview.ready), listen(preview.said)
    preview.show(SLOW)
    assert (link.runs[0].request.method, link.runs[0].request.size) == ("optimize", 256)
    live = events.Preview("", pixels.PixelFormat(8, 8, 3), bytes([50] * 192))
    link.runs[0].go("running", preview=live, step=20, of=50)
    wait_until(lambda: pictures)
    assert pictures[0].size() == preview.before.size() and pictures[0].pixel(3, 3) == 0xFF323232
    link.runs[0].finish(255)
    wait_until(lambda: len(link.runs) == 2)
    assert words == ["", "Refining…"] and link.runs[1].request.iterations == 40
    link.runs[1].finish(255)
    wait_until(lambda: preview.previews.settled)
    assert words[2:] == [""] and len(pictures) == 3 and pictures[2].pixel(3, 3) == 0xFFFFFFFF


def test_a_failure_is_said_with_what_to_do(preview, link):
    failures, busy = listen(preview.failed), listen(preview.busy)
    preview.show(SKY)
    link.runs[0].go("failed", error=errors.ScumbleError("engine-missing", reason="x", command="y"))
    wait_until(lambda: failures)
    assert "could not be started: x. Run: y" in failures[0] and busy[-1] is False


def test_while_one_is_computed_the_newest_waits_and_those_between_are_dropped(preview, link):
    pictures, busy = listen(preview.ready), listen(preview.busy)
    preview.show(SKY)
    link.runs[0].go("running")
    for strength in (0.1, 0.2, 0.3):
        preview.show(recipes.Recipe({**SKY.options, "strength": strength}, SKY.styles))
    assert len(link.runs) == 1
    link.runs[0].finish()
    wait_until(lambda: len(link.runs) == 2)
    assert len(pictures) == 1 and link.runs[1].request.strength == 0.3
    link.runs[1].finish()
    wait_until(lambda: len(pictures) == 2)
    assert len(link.runs) == 2 and busy[-1] is False


def test_what_comes_late_after_a_stop_is_not_shown(preview, link):
    pictures = listen(preview.ready)
    preview.show(SKY)
    preview.stop()
    preview.show(SEA)
    link.runs[0].state = "sending"
    link.runs[0].finish(1)
    link.runs[1].finish(2)
    wait_until(lambda: pictures)
    assert len(pictures) == 1


def test_a_recipe_that_cannot_be_run_is_said(preview, link):
    failures = listen(preview.failed)
    preview.show(recipes.Recipe())
    assert "No style" in failures[0] and link.runs == []


def test_where_nothing_is_open_that_is_said_and_nothing_is_asked(preview, link, editor):
    failures = listen(preview.failed)
    editor.problem = errors.ScumbleError("document-missing")
    preview.refresh_source()
    assert failures == ["No picture is open. Open a picture, or create a new one."]
    preview.show(SKY)
    assert link.runs == [] and preview.before.isNull()
    editor.problem = None
    preview.refresh_source()
    preview.show(SKY)
    assert len(link.runs) == 1


def test_layers_are_read_once_until_the_source_is_read_anew(preview, link, editor):
    style = recipes.StyleChoice(source="layer", name="Sketch", layer="{1}")
    recipe = recipes.Recipe({}, (style,))
    for _ in range(2):
        preview.show(recipe)
        assert link.runs[-1].request.styles[0].picture is not None
        link.runs[-1].finish()
        wait_until(lambda: preview.previews.run is None)
    assert editor.reads == ["{1}"]
    preview.refresh_source()
    preview.show(recipe)
    assert editor.reads == ["{1}", "{1}"]


def test_by_fast_it_is_refined_over_more_pixels(preview, link, editor, monkeypatch):
    monkeypatch.setattr(waiting, "PAUSE", 0.01)
    read = []

    def close_source(source, box, cover=None, long_side=0):
        read.append((box.long_side, long_side))
        return source, editor.source(long_side)

    monkeypatch.setattr(previews.document, "close_source", close_source)
    editor.side = 1600
    preview.refresh_source()
    pictures, sharpened = listen(preview.ready), listen(preview.sharpened)
    preview.show(SKY)
    link.runs[0].finish(255)
    wait_until(lambda: len(link.runs) == 2)
    assert read == [(1600, 1024)] and [image.width() for image in sharpened] == [1024]
    link.runs[1].finish(255)
    wait_until(lambda: preview.previews.settled)
    assert [run.request.size for run in link.runs] == [384, 1024]
    assert [image.width() for image in pictures] == [384, 1024] and preview.before.width() == 384
