"""Which words stand over a preview."""

from __future__ import annotations

import pytest

from scumble.wire.editor.preview.caption import Caption


class Canvas:
    def __init__(self) -> None:
        self.words, self.picture = "", True
        self.caption = Caption(self.say, lambda: self.picture)

    def say(self, words: str) -> None:
        self.words = words


@pytest.fixture
def canvas() -> Canvas:
    return Canvas()


def test_what_is_waited_for_stands_until_it_is_there(canvas: Canvas) -> None:
    canvas.caption.wait_for("Starting the engine…")
    assert canvas.words == "Starting the engine…"
    canvas.caption.wait_for("")
    assert canvas.words == ""


def test_what_failed_stands_until_it_is_tried_again(canvas: Canvas) -> None:
    canvas.caption.fail("No style is chosen.")
    canvas.caption.wait_for("Starting the engine…")
    canvas.caption.wait_for("")
    assert canvas.words == "No style is chosen."
    canvas.caption.try_again()
    assert canvas.words == ""
    canvas.caption.wait_for("Starting the engine…")
    assert canvas.words == "Starting the engine…"


def test_where_nothing_is_open_that_stays_said_until_it_is_looked_again(canvas: Canvas) -> None:
    canvas.picture = False
    canvas.caption.fail("No picture is open.")
    canvas.caption.try_again()
    canvas.caption.wait_for("Starting the engine…")
    assert canvas.words == "No picture is open."
    canvas.caption.take_back()
    assert canvas.words == ""


def test_asking_anew_leaves_words_on_waiting(canvas: Canvas) -> None:
    canvas.caption.wait_for("Starting the engine…")
    canvas.caption.try_again()
    assert canvas.words == "Starting the engine…"
