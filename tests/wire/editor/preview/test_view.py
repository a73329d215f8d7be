"""Zoom and pan: what is under the mouse stays there, and no gap opens beside a picture larger than its room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scumble.wire.editor.preview.view import CLOSEST, View

shares = st.floats(0, 1)
clicks = st.integers(-3, 12)


def view(room: tuple[float, float] = (400, 300), size: tuple[float, float] = (384, 192), most: float = 0) -> View:
    made = View()
    made.lay_out(room, size, most)
    return made


def test_at_first_all_of_it_is_seen_in_the_middle() -> None:
    place = view().place()
    assert (place.x, place.width, place.height) == (0, 400, 200) and place.y == 50
    assert view().seen() == place and view().fitted


@given(shares, shares, clicks)
def test_what_is_under_the_mouse_stays_there_once_it_fills_the_room(x: float, y: float, wheel: int) -> None:
    made = view(size=(400, 300))
    at = (400 * x, 300 * y)
    before = made.spot(at)
    made.zoom_by(1.25**wheel, at)
    after = made.spot(at)
    assert before is not None and after is not None
    assert after == pytest.approx(before, abs=1e-6)


@given(st.lists(st.tuples(shares, shares, clicks), max_size=6), st.floats(-900, 900), st.floats(-900, 900))
def test_no_gap_opens(turns: list[tuple[float, float, int]], dx: float, dy: float) -> None:
    made = view()
    for x, y, wheel in turns:
        made.zoom_by(1.25**wheel, (400 * x, 300 * y))
        made.pan(dx, dy)
    place, seen = made.place(), made.seen()
    for at, long, room in ((place.x, place.width, 400), (place.y, place.height, 300)):
        if long >= room:
            assert at <= 1e-6 and at + long >= room - 1e-6
        else:
            assert at == pytest.approx((room - long) / 2)
    assert seen.width <= 400 + 1e-6 and made.scale <= max(CLOSEST, 400 / 384) + 1e-6 and made.zoom >= 1


def test_it_pans_as_the_mouse_goes() -> None:
    made = view()
    made.zoom_by(4)
    before = made.place()
    made.pan(-20, 10)
    assert (made.place().x, made.place().y) == pytest.approx((before.x - 20, before.y + 10))
    made.fit()
    assert made.fitted


def test_a_close_up_is_not_enlarged_to_fit() -> None:
    made = view(size=(100, 50), most=1.0)
    assert made.place() == (150, 125, 100, 50)
    made.zoom_by(2)
    assert made.scale == 2
