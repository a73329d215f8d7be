"""The arithmetic of boxes that plug-ins and engine share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scumble.wire.request.geometry import Box, context_box, margin_pixels

BOXES = st.builds(Box, st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 60), st.integers(0, 60))


def pixels(box):
    return {(x, y) for x in range(box.x, box.right) for y in range(box.y, box.bottom)}


@given(BOXES, BOXES)
def test_clipping_keeps_the_pixels_of_both(a, b):
    assert pixels(a.clipped(b)) == pixels(a) & pixels(b)
    assert bool(a.clipped(b)) == bool(pixels(a) & pixels(b))
    assert a.moved(3, -2).clipped(b.moved(3, -2)) == a.clipped(b).moved(3, -2)


@given(BOXES, BOXES, st.floats(0, 1))
def test_the_context_holds_the_selection_and_stays_inside(selection, content, share):
    box = context_box(selection, content, share)
    assert pixels(selection.clipped(content)) <= pixels(box) <= pixels(content)
    if not selection.clipped(content):
        assert not box


@given(BOXES, st.integers(0, 9))
def test_shrinking_undoes_growing(box, by):
    assert box.grown(by).grown(-by) == box
    assert Box.from_bounds(*box.bounds) == box


def test_the_margin_is_a_share_of_the_long_side_rounded_up():
    assert margin_pixels(Box(0, 0, 100, 9), 0.125) == 13
    assert context_box(Box(10, 10, 20, 4), Box(0, 0, 100, 100), 0.25) == Box(5, 5, 30, 14)
    assert context_box(Box(10, 10, 20, 4), Box(8, 0, 30, 100), 0.25) == Box(8, 5, 27, 14)


@pytest.mark.parametrize("box", [Box(0, 0, 0, 5), Box(0, 0, 5, 0), Box.from_bounds(5, 0, 2, 3)])
def test_a_box_without_pixels_is_false(box):
    assert not box
