"""Shares add up to 100 %, whoever is moved, joins or goes."""

from __future__ import annotations

import random

import pytest

from scumble.wire.editor.shares import balanced, percentages, with_another


@pytest.mark.parametrize("weights", [[1.0], [1.0, 1.0, 1.0], [0.7, 0.3], [0.0, 0.0], [100.0, 1e-6], [1.0] * 8])
def test_whole_percentages_add_up(weights: list[float]) -> None:
    found = percentages(weights)
    assert round(100 * sum(found)) == 100 and all(abs(100 * f - round(100 * f)) < 1e-9 for f in found)


def test_the_others_give_way_in_proportion() -> None:
    assert balanced([0.4, 0.4, 0.2], 0) == [0.4, 0.4, 0.2]
    assert balanced([0.7, 0.4, 0.2], 0) == [0.7, 0.2, 0.1]
    assert balanced([1.0, 0.4, 0.2], 0) == [1.0, 0.0, 0.0]
    assert balanced([0.5, 0.0, 0.0], 0) == [0.5, 0.25, 0.25]
    assert balanced([0.3], 0) == [1.0]
    assert with_another([1.0]) == [0.5, 0.5] and with_another([0.5, 0.5]) == [0.34, 0.33, 0.33]


def test_whatever_is_moved_they_add_up_and_the_moved_one_stays() -> None:
    rng = random.Random(1)
    for _ in range(500):
        shares = percentages([rng.random() for _ in range(rng.randint(2, 8))])
        at, to = rng.randrange(len(shares)), round(rng.random(), 2)
        shares[at] = to
        found = balanced(shares, at)
        assert round(100 * sum(found)) == 100 and found[at] == pytest.approx(to) and min(found) >= 0
