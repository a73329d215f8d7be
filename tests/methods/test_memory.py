"""The memory of a run, from sizes alone: what counts in it, and the plan that fits."""

from __future__ import annotations

import pytest

from scumble.features.registry import load_encoder
from scumble.methods.base import Plan
from scumble.methods.memory import fitting, frugal_size, pictures_bytes
from scumble.methods.optimize.memory import saving_for
from scumble.methods.run import run
from scumble.methods.table import find_method
from scumble.picture import Picture
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.protocol.pixels import PictureRef, PixelFormat
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Recorder

METHODS = ("fast", "optimize")
OPTIMIZE_GREW = {400: 397, 640: 915}


def ref(side: int, channels: int = 3) -> PictureRef:
    return PictureRef("a" * 64, PixelFormat(side, side, channels))


def of(side: int, masks: int = 0, **options: object) -> Request:
    styles = [Style("scream", mask=ref(side, 1) if n < masks else None) for n in range(max(1, masks))]
    return Request(content=ref(side), styles=tuple(styles), **options)  # type: ignore[arg-type]


def test_masks_and_style_pictures_count() -> None:
    million = 1_000_000
    plain, masked = pictures_bytes(of(1000)), pictures_bytes(of(1000, masks=2))
    assert masked - plain == 56 * million, "as it was measured for two masks at full size"
    styled = Request(content=ref(1000), styles=(Style("x", picture=ref(2000)),))
    assert pictures_bytes(styled) - plain >= 4 * 16 * million


@pytest.mark.parametrize("name", METHODS)
def test_the_largest_size_that_fits_is_taken(name: str) -> None:
    """1024 px are too much where 716 px pass."""
    request, least = of(1024, method=name), find_method(name).least
    needed = [pictures_bytes(request) + least(of(side, method=name)) for side in (1024, 716, 501)]
    assert needed[0] > needed[1] > needed[2]
    for level in range(3):
        plan = fitting(request, Plan(bytes_free=needed[level]), least)
        assert plan.level == level and frugal_size(request, plan) == (0, 716, 501)[level]  # 0: as it is
    assert fitting(request, Plan(level=2, bytes_free=1 << 40), least).level == 2, "what has failed is not tried again"
    assert fitting(request, Plan(), least).level == 0, "where it is unknown what is free"


# By how much a worker was seen to grow, in MB, from a square of so many pixels (docs/measurements.md), by `estimate`.
FAST_GREW = {512: 165, 1024: 271, 2048: 532, 4096: 939}
FINE_GREW = {1024: 297, 2048: 600}  # with the finest strokes, whose painting is as large as the picture
NARROW_GREW = {1024: 220, 2048: 596}


@pytest.mark.parametrize("side", FAST_GREW)
def test_fast_takes_what_it_was_seen_to_take(side: int) -> None:
    def needed(tell: str, stroke: float) -> float:
        styles = (Style("scream", stroke_size=stroke),)
        request = Request(method="fast", content=ref(side), styles=styles)
        method = find_method("fast")
        return (getattr(method, tell)(request) + pictures_bytes(request) - request.content.raw.nbytes) / 1e6

    assert 1.0 <= needed("estimate", 1.0) / FAST_GREW[side] <= 1.25
    if side in FINE_GREW:
        assert 1.0 <= needed("estimate", 0.25) / FINE_GREW[side] <= 1.25
        assert 1.0 <= needed("least", 0.25) / NARROW_GREW[side] <= 1.4


def test_neighbours_take_most_where_all_is_looked_at_with_the_whole_network() -> None:
    """What a worker grew by that gives freed blocks back at once; a smaller size may need more than a larger."""
    least = find_method("optimize").least
    for side, grew in OPTIMIZE_GREW.items():
        assert 1.0 <= least(of(side)) / 1e6 / grew <= 1.35, side
    assert least(of(640)) > least(of(700)) > least(of(512))
    free = (least(of(686)) + least(of(640))) // 2 + pictures_bytes(of(1400))
    assert fitting(of(1400), Plan(bytes_free=free), least).level == 2


def test_a_run_saves_memory_as_far_as_it_must() -> None:
    network, side = load_encoder("slim"), 2048

    def chosen(gigabytes: float, level: int = 0, **options: object) -> str:
        plan = Plan(level=level, bytes_free=int(gigabytes * 1e9))
        return saving_for(of(side, **{"objective": "gram", **options}), plan, network, side * side)

    assert [chosen(g) for g in (0, 16, 9, 5)] == ["off", "off", "blocks", "tiles"]
    assert chosen(0, level=2) == "tiles" and chosen(0, objective="neighbours", level=2) == "off"
    assert saving_for(of(512, objective="gram"), Plan(level=2), network, 512 * 512) == "blocks", "one tile is the whole"
    assert [chosen(16, checkpointing=c) for c in ("on", "off", "tiles")] == ["blocks", "off", "tiles"]
    with pytest.raises(ScumbleError) as e:
        chosen(2)
    assert e.value.code == "memory"


@pytest.mark.parametrize("name", METHODS)
def test_what_can_never_fit_is_refused_before_a_picture_is_decoded(name: str) -> None:
    def load(wanted: PictureRef) -> Picture:
        raise AssertionError("it was decoded")

    with pytest.raises(ScumbleError) as e:
        run(of(9000, masks=2, method=name), load, Recorder(), Plan(bytes_free=1 << 30))
    assert e.value.code == "memory" and "1.1 GB free" in e.value.sentence
