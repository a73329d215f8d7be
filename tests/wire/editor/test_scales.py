"""Where numbers lie on sliders."""

from __future__ import annotations

import pytest

from scumble.wire import REQUEST_OPTIONS, STYLE_OPTIONS
from scumble.wire.editor.scales import Scale, scale_of


def test_a_scale_runs_both_ways_and_puts_one_in_the_middle_of_stroke_sizes() -> None:
    style = STYLE_OPTIONS["stroke_size"]
    scale = scale_of(style)
    assert scale.fraction(1.0) == pytest.approx(0.5)
    assert [scale.number(f) for f in (0, 0.25, 0.5, 0.75, 1)] == [0.25, 0.5, 1.0, 2.0, 4.0]
    for name, o in REQUEST_OPTIONS.items():
        if o.kind in ("float", "int"):
            scale = scale_of(o)
            most = 0 if o.zero_is_full else o.high
            ends = [pytest.approx(o.low), pytest.approx(most, rel=0.05)]
            assert [scale.number(f) for f in (0.0, 1.0)] == ends, name
            assert scale.fraction(scale.number(0.6)) == pytest.approx(0.6, abs=0.05), name


def test_steps_always_move_and_stay_in_range() -> None:
    for o in REQUEST_OPTIONS.values():
        if o.kind in ("float", "int"):
            scale = scale_of(o)
            default = float(o.default)
            most = o.zero_is_full and not default
            assert scale.stepped(default, 1) > default or default >= scale.full or most, o.name
            assert scale.stepped(scale.low, -1) == scale.low or o.zero_is_full


def test_a_power_puts_the_same_number_in_the_middle() -> None:
    for scale in (scale_of(STYLE_OPTIONS["stroke_size"]), Scale(1.0, 1000.0, 1000.0, power=0.0)):
        middle = scale.low + (scale.full - scale.low) * 0.5**scale.gamma
        assert middle == pytest.approx((scale.low * scale.full) ** 0.5)
    assert Scale(0.0, 10.0, 10.0, power=3.0).gamma == 3.0


def test_a_share_is_full_at_the_whole_and_more_can_be_typed() -> None:
    share = scale_of(STYLE_OPTIONS["weight"], full=1.0, percent=True)
    assert (share.full, share.high, share.percent, share.fraction(0.25)) == (1.0, 100.0, True, 0.25)
    assert share.rounded(0.333) == 0.33 and share.fraction(50.0) == 1.0


def test_full_size_is_a_full_bar() -> None:
    size = scale_of(REQUEST_OPTIONS["size"])
    assert size.fraction(0) == 1.0 and size.number(1.0) == 0 and size.stepped(0, 1) == 0
    below = size.stepped(0, -1)
    assert (10_000 < below < 16384 and size.stepped(below, 1) > below) or size.stepped(below, 1) == 0
