"""The memory of a run, from sizes alone: what counts in it, and the plan that fits."""

from __future__ import annotations

import pytest

from scumble.methods.base import Plan
from scumble.methods.memory import fitting, frugal_size, pictures_bytes
from scumble.methods.run import run
from scumble.methods.table import find_method
from scumble.picture import Picture
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.protocol.pixels import PictureRef, PixelFormat
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Recorder

METHODS = ("fast", "optimize")


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


@pytest.mark.parametrize("name", METHODS)
def test_what_can_never_fit_is_refused_before_a_picture_is_decoded(name: str) -> None:
    def load(wanted: PictureRef) -> Picture:
        raise AssertionError("it was decoded")

    with pytest.raises(ScumbleError) as e:
        run(of(9000, masks=2, method=name), load, Recorder(), Plan(bytes_free=1 << 30))
    assert e.value.code == "memory" and "1.1 GB free" in e.value.sentence
