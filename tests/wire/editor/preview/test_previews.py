"""Previews: the newest recipe, at first soon and then well, smaller where that takes long. The editor is made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from scumble.wire import PixelFormat, Pixels, Preview, Recipe, Request, Run, ScumbleError, StyleChoice
from scumble.wire.editor import run as runs
from scumble.wire.editor.preview.easel import Small
from scumble.wire.editor.preview.previews import PAUSE, Previews

from ...recipes import changed

SKY = Recipe({"method": "fast"}, (StyleChoice(name="starry-night"),))
SLOW = Recipe({}, (StyleChoice(name="starry-night"),))  # by optimize
FORM = PixelFormat(16, 12, 4)
CONTENT = Pixels(FORM, b"\xff" * FORM.nbytes)
MASK = Pixels(PixelFormat(16, 12, 1), b"\xff" * 192)
LIVE = Preview("", PixelFormat(4, 3, 3), bytes(36))


class Easel:
    """Remembers what it was told; its runs end when the test says so."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.reads: list[str] = []
        self.taken: list[Any] = []
        self.errors: list[str] = []
        self.busy: list[bool] = []
        self.words: list[str] = []
        self.later: list[tuple[float, Callable[[], None]]] = []

    def send(self, request: Request, blobs: Mapping[str, Any], on_change: Callable[[Run], None]) -> Run:
        self.runs.append(Run(request, on_change, runs.cancel))
        return self.runs[-1]

    def read_finer(self, side: int) -> Small:
        raise AssertionError("nothing finer is to be read")

    def read_picture(self, style: StyleChoice, over: Small) -> Pixels:
        self.reads.append(style.layer)
        if style.layer == "gone":
            raise ScumbleError("layer-gone", name=style.name)
        return CONTENT

    def read_mask(self, style: StyleChoice, over: Small) -> Pixels:
        self.reads.append(f"mask {style.mask_layer}")
        return MASK

    def read_part(self, style: StyleChoice, over: Small) -> Pixels:
        self.reads.append(f"part {style.part_layer}")
        return MASK

    def compose(self, run: Run, over: Small) -> Any:
        first = run.request.method != "fast" and run.request.iterations < 40
        return f"{'look' if first else 'picture'} at {run.request.strength}"

    def compose_live(self, preview: Preview) -> Any:
        return preview

    def take(self, picture: Any) -> None:
        self.taken.append(picture)

    def fail(self, error: ScumbleError) -> None:
        self.errors.append(error.code)

    def set_busy(self, busy: bool) -> None:
        self.busy.append(busy)

    def say(self, text: str) -> None:
        self.words.append(text)

    def call_later(self, seconds: float, call: Callable[[], None]) -> None:
        self.later.append((seconds, call))

    def wait(self) -> None:
        """So long that all is called that was to be called later."""
        waiting, self.later = self.later, []
        for _, call in waiting:
            call()

    def strengths(self) -> list[float]:
        """What was sent."""
        return [run.request.strength for run in self.runs]


def done(run: Run, seconds: float = -1.0) -> None:
    """The engine has painted it, in so many seconds; else in as many as one expects."""
    if seconds < 0:
        seconds = 0.1 if run.request.method == "fast" else 1.2
    run.times.update(started=1.0, computed=1.0 + seconds)
    runs.finish(run, b"")
    run.on_change(run)


def failed(run: Run, error: ScumbleError) -> None:
    runs.fail(run, error)
    run.on_change(run)


def at(strength: float, recipe: Recipe = SKY) -> Recipe:
    return changed(recipe, strength=strength)


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def previews(easel: Easel) -> Previews:
    made = Previews(easel)
    made.put(Small(CONTENT, None, (16, 12)))
    return made


def test_one_by_the_fast_method_is_there_at_once_and_tells_of_itself(previews: Previews, easel: Easel) -> None:
    previews.show(at(0.5))
    request = easel.runs[0].request
    assert (request.method, request.size, request.preview_size, request.canvas) == ("fast", 384, 0, (16, 12))
    assert easel.busy == [True] and easel.taken == []
    done(easel.runs[0])
    assert easel.taken == ["picture at 0.5"] and easel.busy == [True, False] and previews.seconds > 0
    assert previews.settled and easel.later == [] and easel.words == ["", ""]


def test_of_optimize_a_first_look_comes_soon_and_is_refined(previews: Previews, easel: Easel) -> None:
    previews.show(at(0.5, SLOW))
    look = easel.runs[0].request
    assert (look.method, look.size, look.iterations, look.preview_size) == ("optimize", 256, 7, 256)
    done(easel.runs[0])
    assert easel.taken == ["look at 0.5"] and easel.busy == [True, False] and not previews.settled
    assert [seconds for seconds, _ in easel.later] == [PAUSE] and len(easel.runs) == 1
    easel.wait()
    full = easel.runs[1].request
    assert (full.size, full.iterations, full.preview_size) == (256, 40, 0) and easel.words[-1] == "Refining…"
    done(easel.runs[1], 9.0)
    assert easel.taken[1:] == ["picture at 0.5"] and easel.words[-1] == "" and previews.settled and easel.later == []


def test_what_is_out_of_date_is_given_up_at_once(previews: Previews, easel: Easel) -> None:
    for n in range(5):
        previews.show(at(n / 5, SLOW))
    assert easel.strengths() == [0.0, 0.2, 0.4, 0.6, 0.8] and easel.busy[-1] is True
    assert [run.state for run in easel.runs] == ["cancelled"] * 4 + ["sending"]
    done(easel.runs[0])  # too late
    done(easel.runs[4])
    assert easel.taken == ["look at 0.8"]


def test_a_change_while_it_is_refined_or_about_to_be_begins_anew(previews: Previews, easel: Easel) -> None:
    previews.show(SLOW)
    done(easel.runs[0])
    previews.show(at(0.2, SLOW))
    easel.wait()  # for the one that is out of date
    done(easel.runs[1])
    assert len(easel.runs) == 2
    easel.wait()
    previews.show(at(0.3, SLOW))
    assert easel.runs[2].state == "cancelled" and easel.runs[3].request.iterations == 7
    previews.show(SKY)
    assert easel.runs[3].state == "cancelled" and easel.runs[4].request.method == "fast"


def test_the_same_again_disturbs_nothing(previews: Previews, easel: Easel) -> None:
    """As when a window gets the focus: the source is read, and all is as it was."""
    for _ in range(3):
        previews.put(Small(CONTENT, None, (16, 12)))
        previews.show(SLOW)
    assert len(easel.runs) == 1 and easel.runs[0].state == "sending"
    done(easel.runs[0])
    previews.show(SLOW)
    easel.wait()
    previews.show(SLOW)
    done(easel.runs[1])
    previews.show(SLOW)
    assert len(easel.runs) == 2 and len(easel.taken) == 2
    previews.put(None)
    previews.put(Small(CONTENT, None, (16, 12)))
    previews.show(SLOW)
    assert len(easel.runs) == 3, "while there was nothing, the picture was taken away"


def test_what_is_on_its_way_is_given_up_where_its_source_is_gone(previews: Previews, easel: Easel) -> None:
    previews.show(at(0.5))
    previews.put(None)
    assert easel.runs[0].state == "cancelled" and easel.busy == [True, False]
    done(easel.runs[0])  # too late
    assert easel.taken == [] and previews.settled


def test_what_was_refined_before_needs_no_first_look(previews: Previews, easel: Easel) -> None:
    for recipe in (SLOW, at(0.2, SLOW)):
        previews.show(recipe)
        done(easel.runs[-1])
        easel.wait()
        done(easel.runs[-1])
    previews.pace.painting_side = 192  # meanwhile the machine was slow
    previews.show(SLOW)
    assert easel.runs[-1].request == easel.runs[1].request, "which the engine answers from its cache"
    done(easel.runs[-1], 0.0)
    assert previews.settled and easel.taken[-1] == "picture at 1.0"


def test_where_a_first_look_is_all_there_is_to_it_nothing_is_refined(previews: Previews, easel: Easel) -> None:
    previews.show(changed(SLOW, iterations=6))
    assert easel.runs[0].request.iterations == 6
    done(easel.runs[0])
    assert previews.settled and easel.later == []


def live(run: Run, easel: Easel, step: int = 20) -> bool:
    """Whether a live picture of the run is shown, that came at one of 50 steps."""
    before = len(easel.taken)
    run.state, run.preview, run.step, run.of = "running", LIVE, step, 50
    run.on_change(run)
    run.on_change(run)
    return len(easel.taken) == before + 1 and easel.taken[-1] is LIVE


def test_live_pictures_of_a_first_look_are_shown(previews: Previews, easel: Easel) -> None:
    previews.show(SLOW)
    assert live(easel.runs[0], easel) and previews.run is easel.runs[0] and easel.busy == [True]
    previews.put(Small(CONTENT, MASK, (16, 12)))
    previews.show(SLOW)
    assert live(easel.runs[1], easel)
    previews.show(changed(SLOW, margin=0.0))
    assert not live(easel.runs[2], easel), "it is of another place"
    previews.put(Small(Pixels(FORM, bytes(FORM.nbytes)), None, (16, 12)))
    previews.show(SLOW)
    assert not live(easel.runs[3], easel), "it knows of no transparency"


def test_a_live_picture_waits_until_it_shows_something(previews: Previews, easel: Easel) -> None:
    previews.show(SLOW)
    assert not live(easel.runs[0], easel, step=2)


def test_another_network_is_stood_in_for_and_that_is_said(previews: Previews, easel: Easel) -> None:
    previews.show(SLOW)
    previews.show(changed(SLOW, model="vgg19"))
    assert [run.request.model for run in easel.runs] == ["slim", "slim"]
    assert easel.words == ["", "Preview by the built-in network"]
    done(easel.runs[1])
    easel.wait()
    done(easel.runs[2])
    assert easel.words[2:] == ["Refining…", "Preview by the built-in network"]


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
    part = {"part": "layer", "part_name": "Sky", "part_layer": "7"}
    style = StyleChoice("layer", "Sketch", "7", mask="layer", mask_name="Sky", mask_layer="7", **part)
    unused = StyleChoice("layer", "Other", "8", weight=0.0)
    for _ in range(2):
        previews.show(Recipe({}, (style, unused)))
        done(easel.runs[-1])
    assert easel.reads == ["7", "mask 7", "part 7"]
    previews.put(Small(CONTENT, None, (16, 12)))
    previews.show(Recipe({}, (style,)))
    assert easel.reads == ["7", "mask 7", "part 7"] * 2


def test_slow_machines_paint_smaller_and_fast_ones_larger(previews: Previews, easel: Easel) -> None:
    sides = []
    times = (0.5, 0.5, 0.2, 0.5, 0.2, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.01, 0.01, 0.01, 0.01)
    for n, seconds in enumerate(times):
        previews.show(at(n / 100))
        done(easel.runs[-1], seconds)
        sides.append(previews.pace.fast_side)
    assert sides == [384, 320, 320, 320, 320, 320, 256, 256, 192, 192, 192, 256, 320, 384, 384]
    assert [run.request.size for run in easel.runs[:4]] == [384, 384, 320, 320]


def test_slow_machines_look_shorter_and_smaller(previews: Previews, easel: Easel) -> None:
    paces = []
    for n, seconds in enumerate((9.0, 1.2, 2.5, 2.5, 2.0, 3.5, 3.5, 0.9, 0.5, 0.0, 0.5, 0.5, 0.5)):
        previews.show(at(n / 100, SLOW))
        done(easel.runs[-1], seconds)
        paces.append((previews.pace.painting_side, previews.pace.iterations))
    assert paces[:6] == [(256, 7)] * 3 + [(256, 5)] * 3 and paces[6] == (192, 5)
    assert paces[7:] == [(256, 5), (256, 7), (256, 7), (256, 12), (256, 24), (256, 40)]
    previews.show(SLOW)
    done(easel.runs[-1])
    assert easel.runs[-1].request.iterations == 40 and previews.settled


@pytest.mark.parametrize(
    ("recipe", "size"),
    [(SLOW, 64), (changed(SLOW, size=400), 16), (changed(SLOW, size=2000), 64), (changed(SKY, size=1000), 32)],
)
def test_a_close_up_is_painted_in_the_pixels_that_ok_paints_in(recipe: Recipe, size: int) -> None:
    easel = Easel()
    previews = Previews(easel)
    form = PixelFormat(64, 48, 4)
    previews.put(Small(Pixels(form, b"\xff" * form.nbytes), None, (2000, 1500), 2000))
    before = previews.pace.iterations
    previews.show(recipe)
    assert easel.runs[0].request.size == size and easel.runs[0].request.canvas == (2000, 1500)
    done(easel.runs[0], 0.01)
    assert previews.pace.iterations == before  # other pixels tell nothing of the next preview's
