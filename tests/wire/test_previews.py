"""Previews: one on its way at a time, the newest next, smaller where that takes long. The editor is made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from scumble.wire import PixelFormat, Pixels, Recipe, Request, Run, ScumbleError, StyleChoice, runs
from scumble.wire.previews import Previews, Small

SKY = Recipe({}, (StyleChoice(name="starry-night"),))
FORM = PixelFormat(16, 12, 4)
CONTENT = Pixels(FORM, bytes(FORM.nbytes))


class Easel:
    """Remembers what it was told; its runs end when the test says so."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.reads: list[str] = []
        self.taken: list[Any] = []
        self.errors: list[str] = []
        self.busy: list[bool] = []

    def send(self, request: Request, blobs: Mapping[str, Any], on_change: Callable[[Run], None]) -> Run:
        self.runs.append(Run(request, on_change, runs.cancel))
        return self.runs[-1]

    def read_picture(self, style: StyleChoice) -> Pixels:
        self.reads.append(style.layer)
        if style.layer == "gone":
            raise ScumbleError("layer-gone", name=style.name)
        return CONTENT

    def read_mask(self, style: StyleChoice) -> Pixels:
        self.reads.append(f"mask {style.mask_layer}")
        return Pixels(PixelFormat(16, 12, 1), b"\xff" * 192)

    def compose(self, run: Run) -> Any:
        return f"picture at {run.request.strength}"

    def take(self, picture: Any) -> None:
        self.taken.append(picture)

    def fail(self, error: ScumbleError) -> None:
        self.errors.append(error.code)

    def set_busy(self, busy: bool) -> None:
        self.busy.append(busy)

    def strengths(self) -> list[float]:
        """What was sent."""
        return [run.request.strength for run in self.runs]


def done(run: Run, seconds: float = 0.1) -> None:
    """The engine has painted it, in so many seconds."""
    run.times.update(started=1.0, computed=1.0 + seconds)
    runs.finish(run, b"")
    run.on_change(run)


def failed(run: Run, error: ScumbleError) -> None:
    runs.fail(run, error)
    run.on_change(run)


def at(strength: float) -> Recipe:
    return SKY.with_options(strength=strength)


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def previews(easel: Easel) -> Previews:
    made = Previews(easel)
    made.put(Small(CONTENT, None, (16, 12)))
    return made


def test_a_preview_is_by_the_fast_method_and_tells_of_itself(previews: Previews, easel: Easel) -> None:
    previews.show(at(0.5))
    request = easel.runs[0].request
    assert (request.method, request.size, request.preview_size, request.canvas) == ("fast", 384, 0, (16, 12))
    assert easel.busy == [True] and easel.taken == []
    done(easel.runs[0])
    assert easel.taken == ["picture at 0.5"] and easel.busy == [True, False] and previews.seconds > 0


def test_the_newest_waits_and_those_between_are_dropped(previews: Previews, easel: Easel) -> None:
    for n in range(50):
        previews.show(at(n / 50))
    assert easel.strengths() == [0.0]
    done(easel.runs[0])
    assert easel.strengths() == [0.0, 0.98] and easel.busy[-1] is True
    done(easel.runs[1])
    assert len(easel.runs) == 2 and len(easel.taken) == 2 and easel.busy[-1] is False


def test_news_of_a_run_that_goes_on_change_nothing(previews: Previews, easel: Easel) -> None:
    previews.show(SKY)
    easel.runs[0].on_change(easel.runs[0])
    assert previews.run is easel.runs[0] and easel.busy == [True]


def test_stop_ends_what_is_on_its_way_and_what_waits(previews: Previews, easel: Easel) -> None:
    previews.show(SKY)
    previews.show(at(0.2))
    previews.stop()
    assert easel.runs[0].state == "cancelled" and easel.busy[-1] is False
    previews.show(at(0.3))
    done(easel.runs[0])  # too late
    assert easel.taken == [] and easel.strengths()[1:] == [0.3]
    done(easel.runs[1])
    assert easel.taken == ["picture at 0.3"]


def test_a_failure_is_told_unless_something_newer_is_wanted(previews: Previews, easel: Easel) -> None:
    previews.show(SKY)
    previews.show(at(0.2))
    failed(easel.runs[0], ScumbleError("diverged"))
    assert easel.errors == [] and len(easel.runs) == 2
    failed(easel.runs[1], ScumbleError("engine-lost", log=""))
    assert easel.errors == ["engine-lost"] and easel.busy[-1] is False
    previews.show(SKY)
    failed(easel.runs[2], ScumbleError("cancelled"))
    assert easel.errors == ["engine-lost"] and easel.busy[-1] is False


def test_nothing_is_painted_over_nothing(previews: Previews, easel: Easel) -> None:
    previews.put(None)
    previews.show(SKY)
    assert easel.runs == [] and easel.busy == []
    previews.put(Small(CONTENT, None, (16, 12)))
    previews.show(SKY)
    assert len(easel.runs) == 1


@pytest.mark.parametrize(
    ("recipe", "code"),
    [(Recipe(), "styles-missing"), (Recipe({}, (StyleChoice("layer", "Sketch", "gone"),)), "layer-gone")],
)
def test_what_cannot_be_asked_for_is_told(previews: Previews, easel: Easel, recipe: Recipe, code: str) -> None:
    previews.show(recipe)
    assert easel.errors == [code] and easel.runs == [] and previews.run is None


def test_layers_are_read_once_until_the_source_is_put_anew(previews: Previews, easel: Easel) -> None:
    style = StyleChoice("layer", "Sketch", "7", mask="layer", mask_name="Sky", mask_layer="7")
    unused = StyleChoice("layer", "Other", "8", weight=0.0)
    for _ in range(2):
        previews.show(Recipe({}, (style, unused)))
        done(easel.runs[-1])
    assert easel.reads == ["7", "mask 7"]
    previews.put(Small(CONTENT, None, (16, 12)))
    previews.show(Recipe({}, (style,)))
    assert easel.reads == ["7", "mask 7"] * 2


def test_slow_machines_paint_smaller_and_fast_ones_larger(previews: Previews, easel: Easel) -> None:
    sides = []
    for seconds in (0.5, 0.5, 0.2, 0.5, 0.2, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.01, 0.01, 0.01, 0.01):
        previews.show(SKY)
        done(easel.runs[-1], seconds)
        sides.append(previews.side)
    assert sides == [384, 320, 320, 320, 320, 320, 256, 256, 192, 192, 192, 256, 320, 384, 384]
    assert [run.request.size for run in easel.runs[:4]] == [384, 384, 320, 320]
