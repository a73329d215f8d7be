"""Coarse to fine: the sizes to compute, and how many steps at each."""

from __future__ import annotations

import math
from dataclasses import dataclass

SHORTEST = 48  # pixels of the short side, below which the deep taps have nothing to compare
COARSEST = 128  # pixels of the long side, unless the request says otherwise
# Coarse scales are cheap and decide most: each octave below this long side takes half as many steps again. Counted
# from a size and not from the finest scale, so that a preview goes the way that a big result goes.
REFERENCE, GROWTH = 512, 0.5


@dataclass(frozen=True)
class Scale:
    """One scale: height and width in pixels, its size relative to the finest, and its steps."""

    height: int
    width: int
    ratio: float
    steps: int

    @property
    def name(self) -> str:
        """As people write it: width×height."""
        return f"{self.width}×{self.height}"


def scales(height: int, width: int, min_size: int, factor: float, iterations: int) -> list[Scale]:
    """Scales from coarse to fine; the long side grows by about `factor` from about `min_size` to the picture's.

    The coarsest is the same for every picture size, within rounding: that is what makes previews look like results.
    """
    finest = max(height, width)
    min_size = max(min_size, round(finest * SHORTEST / min(height, width)))
    count = max(0, round(math.log(finest / min_size) / math.log(factor))) if finest > min_size else 0
    growth = (finest / min_size) ** (1 / count) if count else 1.0
    out = []
    for coarser in range(count, -1, -1):
        ratio = growth**-coarser
        size = [max(1, round(side * ratio)) for side in (height, width)]
        out.append(Scale(size[0], size[1], ratio, math.ceil(iterations * _more_steps(max(size)))))
    return out


def _more_steps(long_side: int) -> float:
    return 1 + GROWTH * max(0.0, math.log2(REFERENCE / long_side))
