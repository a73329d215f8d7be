"""A part of a style's picture: what is painted from it, and that nothing of the rest comes in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scumble.methods.base import Plan
from scumble.methods.places.find import find_place
from scumble.methods.places.refine import scaled
from scumble.methods.run import run
from scumble.styles.part import mirror_of, part_of
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Recorder, Store

METHODS = [
    ("fast", {}),
    ("optimize", {"iterations": 8}),
    ("optimize", {"iterations": 4, "objective": "gram"}),
    ("optimize", {"iterations": 4, "objective": "patches"}),
]


def painting(left: tuple[int, int, int] = (220, 60, 30), seed: int = 1) -> NDArray[np.uint8]:
    """Two halves of paint, 120×200: one of the colour `left`, one of blue; both with strokes."""
    rng = np.random.default_rng(seed)
    out = np.empty((120, 200, 3))
    out[:, :100], out[:, 100:] = left, (30, 70, 200)
    strokes = np.repeat(np.repeat(rng.normal(0, 25, (40, 25, 1)), 3, 0), 8, 1)
    return np.clip(out + strokes, 0, 255).astype(np.uint8)


def landscape(ground: tuple[int, int, int] = (90, 130, 50)) -> NDArray[np.uint8]:
    """A painted sky, pale below, over a rough hill of the colour `ground`; 120×200."""
    y, x = np.mgrid[:120, :200] / 120
    out = np.stack([90 + 70 * y, 140 + 50 * y, 230 - 10 * y], 2)
    land = y > 0.6 + 0.08 * np.sin(5 * x)
    out[land] = (np.array(ground) + np.random.default_rng(0).normal(0, 25, (120, 200, 3)))[land]
    return np.clip(out, 0, 255).astype(np.uint8)


def half() -> NDArray[np.uint8]:
    """The right half's mask."""
    mask = np.zeros((120, 200, 1), np.uint8)
    mask[:, 100:] = 255
    return mask


def photo() -> NDArray[np.uint8]:
    y, x = np.mgrid[:64, :96]
    return (
        np.stack([90 + 100 * np.sin(x / 17 + k) * np.cos(y / 23) for k in range(3)], -1).clip(0, 255).astype(np.uint8)
    )


def painted(
    store: Store, picture: NDArray[np.uint8], mask: NDArray[np.generic] | None, part: Any = None, **options: object
) -> NDArray[np.float64]:
    style = Style("mine", picture=store.put(picture), picture_mask=None if mask is None else store.put(mask))
    style = replace(style, **(part or {}))
    options = {"styles": (style,), "precision": "fp32", "preview_size": 0, **options}
    layer = run(Request(content=store.put(photo()), **options), store.load, Recorder(), Plan()).layer  # type: ignore[arg-type]
    return layer.data[..., :3].astype(float)


@pytest.mark.parametrize(("method", "more"), METHODS)
def test_all_of_the_picture_is_no_mask(store: Store, method: str, more: dict[str, object]) -> None:
    white = np.full((120, 200, 1), 255, np.uint8)
    first, second = (painted(store, painting(), m, method=method, **more) for m in (None, white))
    assert np.array_equal(first, second)


@pytest.mark.parametrize(("method", "more"), METHODS)
def test_nothing_of_the_rest_comes_in(store: Store, method: str, more: dict[str, object]) -> None:
    first, second = (painted(store, p, half(), method=method, **more) for p in (painting(), painting((20, 250, 40))))
    assert np.array_equal(first, second)
    whole = painted(store, painting(), None, method=method, **more)
    red = [p[..., 0].mean() - p[..., 2].mean() for p in (first, whole)]
    assert red[0] < red[1] - 1, "it is as blue as its part"


@pytest.mark.parametrize(("method", "more"), METHODS)
def test_a_tiny_part_a_soft_one_and_a_line(store: Store, method: str, more: dict[str, object]) -> None:
    tiny, soft = np.zeros((120, 200, 1), np.uint8), np.zeros((120, 200, 1), np.uint8)
    tiny[50:57, 120:126] = 255
    soft[:, 100:] = np.linspace(0, 255, 100).astype(np.uint8)[:, None]
    line = np.uint8(255) * (np.abs(np.subtract.outer(np.arange(120), np.arange(200))) < 2)[..., None]
    for mask in (tiny, soft, line):
        assert np.ptp(painted(store, painting(), mask, method=method, **more)) > 0


def test_a_picture_that_is_half_transparent_is_still_a_style(store: Store) -> None:
    pale = np.dstack([painting(), np.full((120, 200), 100, np.uint8)])
    assert np.ptp(painted(store, pale, None, iterations=8)) > 0


def test_a_part_keeps_the_size_of_its_strokes() -> None:
    rgb = np.random.default_rng(0).random((60, 100, 3), np.float32)
    coverage = np.zeros((60, 100), np.float32)
    coverage[10:40, 20:70] = 1
    coverage[10:20, 20:30] = 0
    colors, covered, share = part_of(rgb, coverage)
    assert colors.shape == (30, 50, 3) and share == 0.5
    assert np.array_equal(colors[covered > 0], rgb[10:40, 20:70][covered > 0])
    assert np.array_equal(colors[9, 9], colors[11, 9]) or np.array_equal(colors[9, 9], colors[9, 11])
    same, whole, share = part_of(rgb, np.ones((60, 100), np.float32))
    assert np.array_equal(same, rgb) and share == 1.0 and whole.min() == 1


def test_the_mirror_shows_only_what_is_inside() -> None:
    inside = np.zeros((20, 30), bool)
    inside[3:5, 7:29] = True
    inside[11, 2] = True
    shown = mirror_of(inside)
    assert inside.ravel()[shown].all()
    assert np.array_equal(shown[inside.ravel()], np.flatnonzero(inside))


def test_what_is_wrong_with_a_mask_is_said(store: Store) -> None:
    with pytest.raises(ScumbleError) as e:
        painted(store, painting(), np.full((60, 100, 1), 255, np.uint8), method="fast")
    assert e.value.code == "mask-size"
    with pytest.raises(ScumbleError) as e:
        painted(store, painting(), np.zeros((120, 200, 1), np.uint8), method="fast")
    assert e.value.code == "style-part-empty"
    with pytest.raises(ScumbleError) as e:
        painted(store, painting(), None, method="fast", styles=(Style("scream", picture_mask=store.put(half())),))
    assert e.value.code == "style-no-part"
    for part in ({"picture_where": "sky"}, {"picture_mask_stretched": True, "picture_where": "ground"}):
        with pytest.raises(ScumbleError) as e:
            painted(store, painting(), None, method="fast", styles=(Style("scream", **part),))  # type: ignore[arg-type]
        assert e.value.code == "style-no-part"


@pytest.mark.parametrize(("method", "more"), METHODS)
def test_a_place_is_the_mask_that_is_found(store: Store, method: str, more: dict[str, object]) -> None:
    sky = find_place("sky", landscape().astype(np.float32) / 255)
    assert 0.5 < sky.mean() < 0.7
    mask = sky.astype(np.float32)[..., None]
    named = painted(store, landscape(), None, {"picture_where": "sky"}, method=method, **more)
    given = painted(store, landscape(), mask, method=method, **more)
    assert np.array_equal(named, given)
    whole = painted(store, landscape(), None, method=method, **more)
    assert np.abs(named - whole).mean() > 1


def test_nothing_below_a_sky_comes_in(store: Store) -> None:
    part = {"picture_where": "sky"}
    first, second = (painted(store, landscape(g), None, part, method="fast") for g in ((90, 130, 50), (150, 90, 40)))
    away, whole = (np.abs(first - painted(store, landscape(), None, p, method="fast")).mean() for p in (part, None))
    assert away == 0 and np.abs(first - second).mean() < 0.2 * whole, "the soft border alone may lie otherwise"


def test_a_place_that_is_not_in_the_picture_is_said(store: Store) -> None:
    with pytest.raises(ScumbleError) as e:
        painted(store, np.ascontiguousarray(landscape()[80:]), None, {"picture_where": "sky"}, method="fast")
    assert e.value.code == "style-place-missing" and "mine" in e.value.sentence and "sky" in e.value.sentence


@pytest.mark.parametrize("size", [(60, 100), (240, 400), (30, 200)])
def test_a_mask_of_another_size_is_stretched(store: Store, size: tuple[int, int]) -> None:
    other = np.zeros((*size, 1), np.uint8)
    other[:, size[1] // 2 :] = 255
    part = {"picture_mask": store.put(other), "picture_mask_stretched": True}
    stretched = painted(store, painting(), None, part, method="fast")
    given = scaled(other.astype(np.float32) / 255, (120, 200))
    assert np.array_equal(stretched, painted(store, painting(), given, method="fast"))
    assert given[:, 102:].min() == 1 and given[:, :98].max() == 0


def test_a_place_under_a_mask_is_what_is_in_both(store: Store) -> None:
    both = {"picture_mask": store.put(half()), "picture_where": "sky"}
    sky = find_place("sky", landscape().astype(np.float32) / 255)
    mask = (sky * (half()[..., 0] / 255)).astype(np.float32)[..., None]
    first = painted(store, landscape(), None, both, method="fast")
    assert np.array_equal(first, painted(store, landscape(), mask, method="fast"))
    ground = {"picture_mask": store.put(255 * (sky > 0.5).astype(np.uint8)[..., None]), "picture_where": "ground"}
    assert np.ptp(painted(store, landscape(), None, ground, method="fast")) > 0, "a soft border is left"
