"""Previews by the fast method are refined over more of the layer's pixels. The editor is made up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scumble.methods.scale import LONGEST
from scumble.server.limits import QUICK_FAST_PIXELS
from scumble.wire import PixelFormat, Pixels, Recipe, Run, ScumbleError, StyleChoice
from scumble.wire.editor.preview.easel import Small
from scumble.wire.editor.preview.finer import finer_side
from scumble.wire.editor.preview.pace import FINEST, REFINED, REFINED_SLOWLY
from scumble.wire.editor.preview.previews import PAUSE, Previews

from ...recipes import changed
from . import test_previews as made_up
from .test_previews import SKY, SLOW, at, done, failed

LAYER = Recipe({"method": "fast"}, (StyleChoice("layer", "Sketch", "7", mask="layer", mask_layer="8"),))


def white(width: int, height: int, channels: int = 4) -> Pixels:
    return Pixels(PixelFormat(width, height, channels), b"\xff" * (width * height * channels))


def small_of(width: int, height: int, long_side: int) -> Small:
    """Of a picture of this size, read with so long a side."""
    share = min(1.0, long_side / max(width, height))
    size = round(width * share), round(height * share)
    return Small(white(*size), None, size, 0, max(width, height))


class Easel(made_up.Easel):
    """Of a picture of 2,000 × 1,500 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.finer: list[int] = []
        self.gone = False
        self.over: list[int] = []  # the long sides of what was composed over

    def read_finer(self, side: int) -> Small:
        if self.gone:
            raise ScumbleError("layer-changed")
        self.finer.append(side)
        return replace_own(small_of(2000, 1500, side))

    def read_mask(self, style: StyleChoice, over: Small) -> Pixels:
        self.reads.append(f"mask {style.mask_layer}")
        return white(over.content.format.width, over.content.format.height, 1)

    def compose(self, run: Run, over: Small) -> Any:
        self.over.append(over.long_side)
        return super().compose(run, over)


def replace_own(small: Small) -> Small:
    return small._replace(own=0)


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def previews(easel: Easel) -> Previews:
    made = Previews(easel)
    made.put(small_of(2000, 1500, 384))
    return made


def sizes(easel: Easel) -> list[tuple[int, int]]:
    """Of what was sent: the content's long side, and the one that is painted."""
    requests = [run.request for run in easel.runs]
    return [
        (max(r.content.format.width, r.content.format.height), r.size)
        for r in requests
        if r.content and r.content.format
    ]


def test_a_first_look_is_as_small_as_ever_and_is_refined_after_a_while(previews: Previews, easel: Easel) -> None:
    previews.show(at(0.5))
    assert sizes(easel) == [(384, 384)] and easel.finer == []
    done(easel.runs[0])
    assert len(easel.taken) == 1 and easel.busy[-1] is False and not previews.settled and easel.finer == []
    assert [seconds for seconds, _ in easel.later] == [PAUSE]
    easel.wait()
    assert sizes(easel)[1:] == [(1024, 1024)] and easel.runs[1].request.canvas == (1024, 768)
    assert easel.words[-1] == "Refining…" and easel.busy[-1] is True
    pace, seconds = previews.pace.fast_side, previews.seconds
    done(easel.runs[1], 2.0)
    assert easel.over == [384, 1024] and easel.words[-1] == "" and easel.busy[-1] is False
    assert previews.settled and easel.later == []
    assert (previews.pace.fast_side, previews.seconds) == (pace, seconds), "only first looks tell of the pace"


def test_it_is_given_up_at_once_when_something_changes_and_a_first_look_is_not(
    previews: Previews, easel: Easel
) -> None:
    previews.show(SKY)
    previews.show(at(0.5))
    assert len(easel.runs) == 1 and easel.runs[0].state == "sending"
    done(easel.runs[0])
    done(easel.runs[1])
    easel.wait()
    assert easel.finer == [1024] and easel.runs[2].request.strength == 0.5
    previews.show(at(0.6))
    assert easel.runs[2].state == "cancelled" and sizes(easel)[3] == (384, 384) and easel.words[-1] == ""
    done(easel.runs[2])  # too late
    done(easel.runs[3])
    assert len(easel.taken) == 3
    easel.wait()
    assert sizes(easel)[4] == (1024, 1024) and easel.finer == [1024], "its pixels are read once"
    previews.stop()
    assert easel.runs[4].state == "cancelled" and previews.settled


def test_the_same_again_disturbs_nothing(previews: Previews, easel: Easel) -> None:
    previews.show(SKY)
    done(easel.runs[0])
    previews.pace.fast_side = 256  # which makes nothing new of what is there
    previews.put(small_of(2000, 1500, 384))
    previews.show(SKY)
    easel.wait()
    previews.show(SKY)
    done(easel.runs[1])
    previews.show(SKY)
    assert len(easel.runs) == 2 and previews.settled


def test_another_source_before_it_is_refined_is_not_mixed_up(previews: Previews, easel: Easel) -> None:
    previews.show(SKY)
    done(easel.runs[0])
    previews.put(small_of(900, 900, 384))
    easel.wait()
    assert len(easel.runs) == 1 and easel.finer == [] and previews.settled
    previews.show(SKY)
    assert sizes(easel)[1] == (384, 384)


def test_it_is_read_anew_with_the_source(previews: Previews, easel: Easel) -> None:
    for n in range(2):
        previews.put(small_of(2000, 1500, 384))
        previews.show(at(0.2 + 0.1 * n, LAYER))
        done(easel.runs[-1])
        easel.wait()
        done(easel.runs[-1])
    assert easel.finer == [1024, 1024] and easel.reads == ["7", "mask 8"] * 4
    styles = [run.request.styles[0] for run in easel.runs]
    assert [s.mask.format.width for s in styles if s.mask and s.mask.format] == [384, 1024] * 2


def test_what_cannot_be_read_any_more_leaves_the_first_look(previews: Previews, easel: Easel) -> None:
    previews.show(SKY)
    done(easel.runs[0])
    easel.gone = True
    easel.wait()
    assert previews.settled and easel.errors == [] and len(easel.runs) == 1
    previews.show(at(0.5))
    assert len(easel.runs) == 2


def test_a_failure_is_told(previews: Previews, easel: Easel) -> None:
    previews.show(SKY)
    done(easel.runs[0])
    easel.wait()
    failed(easel.runs[1], ScumbleError("memory", reason="x"))
    assert easel.errors == ["memory"] and previews.settled and easel.busy[-1] is False


def test_slow_machines_refine_less(previews: Previews, easel: Easel) -> None:
    for n, side in enumerate((384, 320, 256, 192)):
        previews.pace.fast_side = side
        previews.show(at(n / 10))
        done(easel.runs[-1], 0.15)
        easel.wait()
        done(easel.runs[-1])
    assert sizes(easel)[1::2] == [(1024, 1024)] * 2 + [(REFINED_SLOWLY, REFINED_SLOWLY)] * 2
    assert [size for _, size in sizes(easel)[::2]] == [384, 320, 256, 192]


@pytest.mark.parametrize("small", [small_of(384, 300, 384), small_of(2000, 1500, 384)._replace(whole=4000, own=0)])
def test_where_there_is_nothing_finer_nothing_is_refined(previews: Previews, easel: Easel, small: Small) -> None:
    previews.put(small)
    previews.show(SKY)
    done(easel.runs[0])
    assert previews.settled and easel.later == [] and easel.finer == []


def test_of_optimize_nothing_finer_is_read(previews: Previews, easel: Easel) -> None:
    previews.show(SLOW)
    done(easel.runs[0])
    easel.wait()
    assert sizes(easel) == [(384, 256)] * 2 and easel.finer == []


def with_strokes(size: float) -> Recipe:
    return replace(SKY, styles=(replace(SKY.styles[0], stroke_size=size), StyleChoice(name="dot", weight=0.0)))


def part_of(small: Small, canvas: int) -> Small:
    return small._replace(canvas=(canvas, canvas))


LARGE = small_of(4000, 3000, 384)


@pytest.mark.parametrize(
    ("recipe", "small", "most", "side"),
    [
        (SKY, LARGE, FINEST, REFINED),
        (SKY, small_of(700, 500, 384), FINEST, 700),
        (changed(SKY, size=800), LARGE, FINEST, 800),
        (changed(SKY, size=300), LARGE, FINEST, 0),  # as the result, which is enlarged from there
        (SKY, LARGE, REFINED_SLOWLY, REFINED_SLOWLY),
        (with_strokes(0.8), LARGE, FINEST, 1280),  # else its strokes would be larger than the result's
        (with_strokes(0.5), LARGE, FINEST, FINEST),
        (with_strokes(0.4), LARGE, FINEST, REFINED),  # so many as it would take are too many
        (with_strokes(0.4), small_of(2000, 900, 384), FINEST, 2000),
        (with_strokes(0.5), part_of(LARGE, 768), FINEST, 1024),  # half of the canvas is painted with half of the pixels
        (with_strokes(2.0), LARGE, FINEST, REFINED),
        (SLOW, LARGE, FINEST, 0),
    ],
)
def test_so_many_pixels_have_the_strokes_of_the_result(recipe: Recipe, small: Small, most: int, side: int) -> None:
    assert finer_side(recipe, small, 384, most) == side


def test_what_is_refined_is_a_quick_job() -> None:
    assert REFINED == LONGEST and FINEST**2 <= QUICK_FAST_PIXELS
