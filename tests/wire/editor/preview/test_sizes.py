"""Small pictures: how large they are, and where they lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scumble.wire.editor.preview.sizes import closeup, fitting, small_place
from scumble.wire.request.geometry import Box

sides = st.integers(1, 20000)


@pytest.mark.parametrize(
    ("size", "small"),
    [((4000, 3000), (384, 288)), ((3, 9000), (1, 384)), ((384, 10), (384, 10)), ((5, 7), (5, 7))],
)
def test_a_picture_is_made_smaller_in_its_proportion(size: tuple[int, int], small: tuple[int, int]) -> None:
    assert fitting(size, 384) == small


@given(sides, sides, st.integers(0, 500), st.integers(0, 500))
def test_what_lay_within_the_canvas_still_does(width: int, height: int, right: int, below: int) -> None:
    box, size = Box(20, 30, width, height), fitting((width, height), 384)
    place, canvas = small_place(box, (20 + width + right, 30 + height + below), size)
    assert (place.width, place.height) == size and max(size) <= 384
    assert place.right <= canvas[0] and place.bottom <= canvas[1]


@given(sides, sides, st.floats(0, 1), st.floats(0, 1))
def test_a_close_up_lies_within_and_around_its_spot(width: int, height: int, x: float, y: float) -> None:
    box, room = Box(-20, 30, width, height), (400, 300)
    part = closeup(box, (x, y), room)
    assert part.clipped(box) == part and (part.width, part.height) == (min(width, 400), min(height, 300))
    assert part.x <= round(box.x + x * width) <= part.right and part.y <= round(box.y + y * height) <= part.bottom
