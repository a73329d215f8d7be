"""Each style goes as far, and keeps as much of the photograph, as it says of itself: by both methods."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.data import astronaut

from scumble.methods.base import Outcome, Plan
from scumble.methods.run import run
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Recorder, Store

SIDE = 64
WAYS = ({"method": "fast"}, {"objective": "neighbours"}, {"objective": "gram"}, {"objective": "sliced"})
KINDS = ("fast", "neighbours", "gram", "sliced")
each_way = pytest.mark.parametrize("way", WAYS, ids=KINDS)


@pytest.fixture
def photo() -> NDArray[np.uint8]:
    return np.ascontiguousarray(astronaut()[:256:4, 128:384:4])


def halves(store: Store) -> tuple[Any, Any]:
    """Masks of the left and the right half."""
    left = np.zeros((SIDE, SIDE, 1), np.uint8)
    left[:, : SIDE // 2] = 255
    return store.put(left), store.put(255 - left)


def go(store: Store, photo: NDArray[np.uint8], way: dict[str, Any], *styles: Style, **more: Any) -> Outcome:
    # 32 bits: which neighbour is the nearest is a matter of rounding, and a few steps later of another stroke
    given = {"iterations": 2, "min_size": 64, "preview_size": 0, "precision": "fp32", **way, **more}
    request = Request(content=store.put(photo), styles=styles, **given).honoured()
    return run(request, store.load, Recorder(), Plan())


def rgb(outcome: Outcome) -> NDArray[np.float64]:
    return outcome.layer.data[..., :3].astype(np.float64)


@each_way
def test_one_styles_own_numbers_are_those_of_the_whole(store: Store, photo: NDArray[np.uint8], way: Any) -> None:
    own = rgb(go(store, photo, way, Style("starry-night", strength=0.5, content_weight=4.0)))
    whole = rgb(go(store, photo, way, Style("starry-night"), strength=0.5, content_weight=4.0))
    assert np.array_equal(own, whole)
    assert not np.array_equal(own, rgb(go(store, photo, way, Style("starry-night"))))


@each_way
def test_a_style_of_no_strength_leaves_its_place_and_nothing_else(
    store: Store, photo: NDArray[np.uint8], way: Any
) -> None:
    left, right = halves(store)
    out = rgb(go(store, photo, way, Style("scream", mask=left, strength=0.0), Style("great-wave", mask=right)))
    assert np.array_equal(out[:, : SIDE // 2], photo[:, : SIDE // 2])
    assert np.abs(out[:, SIDE // 2 :] - photo[:, SIDE // 2 :]).mean() > 12


@each_way
def test_a_weak_style_stays_nearer_to_the_photograph(store: Store, photo: NDArray[np.uint8], way: Any) -> None:
    left, right = halves(store)
    weak, strong = (
        rgb(go(store, photo, way, Style("scream", mask=left, strength=s), Style("scream", mask=right), iterations=8))
        for s in (0.3, 1.0)
    )
    away = [np.abs(out - photo)[:, : SIDE // 2 - 2].mean() for out in (weak, strong)]
    assert away[0] < 0.7 * away[1]
    beyond = slice(SIDE // 2 + 12, None)
    apart = [np.abs(a - b).mean() for a, b in ((weak[:, beyond], strong[:, beyond]), (weak, strong))]
    assert apart[0] < 0.7 * apart[1]


@pytest.mark.parametrize("way", WAYS[:3], ids=KINDS[:3])
def test_what_keeps_the_photograph_is_nearer_to_its_light(store: Store, photo: NDArray[np.uint8], way: Any) -> None:
    left, right = halves(store)
    light, lost = photo.mean(2), []
    for keep in (1.0, 16.0):
        styles = (Style("great-wave", mask=left, content_weight=keep), Style("great-wave", mask=right))
        out = rgb(go(store, photo, way, *styles, iterations=12, repaint=0.0, texture=0.0)).mean(2)
        there = (slice(SIDE // 2), slice(SIDE // 2, SIDE))
        lost.append([1 - np.corrcoef(out[:, h].ravel(), light[:, h].ravel())[0, 1] for h in there])
    (left_before, right_before), (left_after, right_after) = lost
    assert left_after < 0.6 * left_before
    assert abs(right_after - right_before) < 0.6 * (left_before - left_after)
