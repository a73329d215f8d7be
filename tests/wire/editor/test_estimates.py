"""What OK would take: asked of the newest settings, and in words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from scumble.wire.editor.estimates import (
    Estimate,
    Estimates,
    estimate_in,
    estimate_words,
    memory_words,
    smaller_words,
    time_words,
)
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.recipe import Recipe, outline
from scumble.wire.request.request import Request
from scumble.wire.request.stylechoice import StyleChoice


class Engine:
    """A link that keeps its questions until the test answers."""

    def __init__(self) -> None:
        self.state = "ready"
        self.open: list[Any] = []

    def ask(self, type: str, then: Any, fail: Any, **fields: Any) -> None:
        self.open.append(
            SimpleNamespace(type=type, then=then, fail=fail, request=Request.from_plain(fields["request"]))
        )


def recipe(**options: Any) -> Recipe:
    return Recipe(options, (StyleChoice(name="starry-night"), StyleChoice(name="great-wave", weight=0.0)))


def test_the_newest_is_asked_for_one_at_a_time() -> None:
    engine, told = Engine(), []
    estimates = Estimates(engine, told.append)  # type: ignore[arg-type]
    for size in (256, 512, 1024):
        estimates.show(recipe(size=size), (800, 600), (1000, 1000))
    assert [q.request.size for q in engine.open] == [256]
    engine.open[0].then({"seconds": 1.0, "bytes": 2})
    assert [q.request.size for q in engine.open] == [256, 1024] and told == []
    engine.open[1].then({"seconds": 90.0, "bytes": 2, "smaller": {"size": 512, "seconds": 30.0}})
    assert told == [Estimate(90.0, 2, 512, 30.0)] and len(engine.open) == 2
    estimates.show(recipe(size=1024), (800, 600), (1000, 1000))
    assert len(engine.open) == 2, "it is known"
    asked = engine.open[1].request
    assert len(asked.styles) == 1 and asked.content.format.width == 800 and asked.canvas == (1000, 1000)


def test_it_waits_for_the_engine_and_forgives_one_that_does_not_know() -> None:
    engine, told = Engine(), []
    engine.state = "starting"
    estimates = Estimates(engine, told.append)  # type: ignore[arg-type]
    estimates.show(recipe(), (800, 600), (800, 600))
    assert engine.open == []
    engine.state = "ready"
    estimates.go_on()
    engine.open[0].fail(ScumbleError("message-unknown", type="estimate"))
    assert told == [None] and len(engine.open) == 1


@pytest.mark.parametrize("bad", [None, Recipe(), Recipe({"size": -1}, (StyleChoice(name="x"),))])
def test_what_cannot_be_run_has_no_estimate(bad: Any) -> None:
    engine, told = Engine(), []
    Estimates(engine, told.append).show(bad, (800, 600), (800, 600))  # type: ignore[arg-type]
    assert engine.open == [] and told == [None]


def test_options_that_the_method_does_not_look_at_are_left_out() -> None:
    assert outline(recipe(method="fast", repaint=0.2), (8, 8), (8, 8)).repaint == 1.0


@pytest.mark.parametrize("answer", [{}, {"seconds": "x", "bytes": 1}, {"seconds": float("nan"), "bytes": 1}])
def test_a_damaged_answer_is_none(answer: Any) -> None:
    assert estimate_in(answer) is None


def test_words() -> None:
    assert estimate_words(Estimate(22.0, 1_240_000_000)) == "About 20 s · 1.2 GB"
    assert estimate_words(None) == smaller_words(None) == smaller_words(Estimate(1.0, 1)) == ""
    assert smaller_words(Estimate(200.0, 1, 1024, 41.0)) == "At 1024 px about 40 s"
    assert [time_words(s) for s in (0.2, 7.4, 33.0, 89.0, 170.0, 9000.0)] == [
        "1 s",
        "7 s",
        "35 s",
        "90 s",
        "3 min",
        "2 h",
    ]
    assert [memory_words(n) for n in (3e6, 7.4e8, 3.21e9)] == ["100 MB", "700 MB", "3.2 GB"]
    assert Estimate(2.0, 5, 512, 1.0).times(3) == Estimate(6.0, 5, 512, 3.0)
