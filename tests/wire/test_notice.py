"""Which words stand over a preview."""

from __future__ import annotations

import pytest

from scumble.wire.notice import Notice


class Canvas:
    def __init__(self) -> None:
        self.words, self.picture = "", True
        self.notice = Notice(self.say, lambda: self.picture)

    def say(self, words: str) -> None:
        self.words = words


@pytest.fixture
def canvas() -> Canvas:
    return Canvas()


def test_what_is_waited_for_stands_until_it_is_there(canvas: Canvas) -> None:
    canvas.notice.wait_for("Starting the engine…")
    assert canvas.words == "Starting the engine…"
    canvas.notice.wait_for("")
    assert canvas.words == ""


def test_what_failed_stands_until_it_is_tried_again(canvas: Canvas) -> None:
    canvas.notice.fail("No style is chosen.")
    canvas.notice.wait_for("Starting the engine…")
    canvas.notice.wait_for("")
    assert canvas.words == "No style is chosen."
    canvas.notice.try_again()
    assert canvas.words == ""
    canvas.notice.wait_for("Starting the engine…")
    assert canvas.words == "Starting the engine…"


def test_where_nothing_is_open_that_stays_said_until_it_is_looked_again(canvas: Canvas) -> None:
    canvas.picture = False
    canvas.notice.fail("No picture is open.")
    canvas.notice.try_again()
    canvas.notice.wait_for("Starting the engine…")
    assert canvas.words == "No picture is open."
    canvas.notice.take_back()
    assert canvas.words == ""


def test_asking_anew_leaves_words_on_waiting(canvas: Canvas) -> None:
    canvas.notice.wait_for("Starting the engine…")
    canvas.notice.try_again()
    assert canvas.words == "Starting the engine…"
