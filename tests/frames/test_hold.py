"""A layer held to the one before it lies where it lay, wherever on the canvas."""

from __future__ import annotations

import numpy as np

from scumble.frames.hold import held, seen
from scumble.picture import Picture

from .scenes import HEIGHT, WIDTH, clip


def layer(value: int, x: int, y: int, width: int, height: int) -> Picture:
    data = np.full((height, width, 4), value, np.uint8)
    data[..., 3] = 255
    return Picture(data, x=x, y=y)


def test_a_part_of_a_content_anywhere_on_the_canvas_is_held() -> None:
    before, now = (Picture(frame, x=300, y=-50) for frame in clip("pan", 2))
    place = (340, -30, 80, 60)
    found = held(layer(200, *place), now, layer(20, *place), before)
    assert (found.x, found.y, found.width, found.height) == place
    inside = found.data[10:-10, 10:-10, :3]
    assert np.median(inside) < 40 and (found.data[..., 3] == 255).all()


def test_a_layer_that_lies_elsewhere_in_each_frame_is_held_where_both_lie() -> None:
    before, now = (Picture(frame) for frame in clip("pan", 2))
    found = held(layer(200, 40, 20, 60, 50), now, layer(20, 60, 20, 70, 50), before)
    assert (found.x, found.y, found.width, found.height) == (40, 20, 60, 50)
    assert np.median(found.data[10:-10, 32:-4, :3]) < 40, "both lie there"
    assert np.median(found.data[10:-10, 2:10, :3]) > 190, "only the new one lies there"
    nothing = Picture(np.zeros((HEIGHT, WIDTH, 4), np.uint8))
    fresh = held(layer(200, 40, 20, 60, 50), now, nothing, before)
    assert (fresh.data[..., :3] == 200).all(), "nothing was painted before"


def test_frames_that_differ_in_place_are_not_held() -> None:
    before, now = (Picture(frame, x=at) for at, frame in enumerate(clip("pan", 2)))
    fresh = layer(200, 0, 0, WIDTH, HEIGHT)
    assert held(fresh, now, layer(20, 0, 0, WIDTH, HEIGHT), before) is fresh


def test_what_is_transparent_is_seen_as_white() -> None:
    assert (seen(Picture(np.zeros((30, 30, 4), np.uint8))) == 255).all()
    plain = clip("pan", 1)[0]
    assert (seen(Picture(plain)) == plain).all()
