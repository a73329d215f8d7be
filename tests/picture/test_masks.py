"""Masks: aligned on the canvas, normalised over the styles, resampled by area."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scumble.picture import (
    Picture,
    check_mask_size,
    checked_mask,
    mask_bounds,
    mask_in,
    normalise_masks,
)
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.geometry import Box

UNIT = st.floats(0, 1, width=32)
MASKS = hnp.arrays(np.float32, st.tuples(st.just(3), st.integers(1, 6), st.integers(1, 6)), elements=UNIT)
PLACE = st.integers(-6, 6)


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 6), st.just(1))), PLACE, PLACE, PLACE, PLACE)
def test_a_mask_lies_on_the_canvas(data, x, y, left, top):
    box = Box(left, top, 5, 4)
    mask = mask_in(Picture(data, x=x, y=y), box)
    for row in range(4):
        for column in range(5):
            i, j = top + row - y, left + column - x
            inside = 0 <= i < data.shape[0] and 0 <= j < data.shape[1]
            assert mask[row, column] == (np.float32(data[i, j, 0] / 255) if inside else 0)


@given(MASKS, st.lists(st.floats(0, 100), min_size=3, max_size=3))
def test_shares_add_up_to_one_where_a_style_reaches(masks, weights):
    shares = normalise_masks(list(masks), weights)
    total = (masks.astype(np.float64) * np.array(weights)[:, None, None]).sum(0)
    np.testing.assert_allclose(shares.sum(0), total > 0, atol=1e-6)
    assert shares.min() >= 0


def test_shares_are_in_proportion():
    shares = normalise_masks([np.full((1, 1), 0.5, np.float32), np.ones((1, 1), np.float32)], [0.7, 0.3])
    np.testing.assert_allclose(shares[:, 0, 0], [0.35 / 0.65, 0.3 / 0.65], rtol=1e-6)


@given(hnp.arrays(np.float32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.sampled_from([0.0, 0.5])))
def test_bounds_hold_everything_and_nothing_more(mask):
    box = mask_bounds(mask)
    assert bool(box) == bool(mask.any())
    inner = mask[box.y : box.bottom, box.x : box.right]
    assert inner.sum() == mask.sum()
    if box:
        assert inner[0].any() and inner[-1].any() and inner[:, 0].any() and inner[:, -1].any()


def test_an_empty_mask_is_refused_by_name():
    empty = Picture(np.zeros((4, 4, 1), np.uint8))
    beside = Picture(np.full((4, 4, 1), 255, np.uint8), x=100)
    for mask in (empty, beside):
        with pytest.raises(ScumbleError) as e:
            checked_mask(mask, Box(0, 0, 4, 4), "sky")
        assert e.value.code == "mask-empty" and "sky" in e.value.sentence


def test_a_mask_of_another_size_is_refused_with_both_sizes():
    with pytest.raises(ScumbleError) as e:
        check_mask_size(Picture(np.zeros((4, 5, 1), np.uint8)), Picture(np.zeros((4, 6, 3), np.uint8)), "sky.png")
    assert e.value.code == "mask-size"
    assert "5×4" in e.value.sentence and "6×4" in e.value.sentence
