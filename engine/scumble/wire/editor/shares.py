"""Shares of styles as an artist reads them: whole percentages that add up to 100."""

from __future__ import annotations

import math
from typing import List, Sequence


def percentages(weights: Sequence[float]) -> List[float]:
    """The weights as shares of 1 in whole hundredths that add up to 1; equal ones where all are 0."""
    whole = sum(weights)
    if not whole > 0:
        weights, whole = [1.0] * len(weights), float(len(weights))
    exact = [100 * w / whole for w in weights]
    parts = [math.floor(e) for e in exact]
    rests = sorted(range(len(exact)), key=lambda i: parts[i] - exact[i])
    for i in rests[: 100 - sum(parts)]:
        parts[i] += 1
    return [p / 100 for p in parts]


def balanced(shares: Sequence[float], at: int) -> List[float]:
    """Shares of which the one at `at` was just set: the others share what is left, in the proportion they had."""
    if len(shares) < 2:
        return [1.0] * len(shares)
    mine = min(1.0, max(0.0, round(shares[at], 2)))
    others = [s for i, s in enumerate(shares) if i != at]
    left = percentages([*_in(1 - mine, others), mine]) if mine < 1 else [0.0] * len(others)
    left = left[: len(others)]
    left.insert(at, round(1 - sum(left), 2))
    return left


def with_another(shares: Sequence[float]) -> List[float]:
    """The shares once one more style has joined, last: it gets as much as the mean of the others."""
    return percentages([*_in(1.0, shares), 1.0 / max(1, len(shares))])


def _in(whole: float, weights: Sequence[float]) -> List[float]:
    """The weights, adding up to `whole`."""
    added = sum(weights)
    if not added > 0:
        return [whole / max(1, len(weights))] * len(weights)
    return [whole * w / added for w in weights]
