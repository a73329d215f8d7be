"""A rim around what is optimized, thrown away at the end.

Pixels at a border lie in fewer receptive fields than others, so an optimizer meets colour statistics there at little
cost in content: a frame of loud colour. So the picture is continued beyond its borders, and the optimization beyond the
selection's, and the frame falls where nobody sees it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from ....styles.source import resized
from ...problem import Problem
from ...regions import Regions
from .scales import Scale

SHARE, LEAST = 24, 8


@dataclass(frozen=True)
class Rim:
    """A rim of `width` pixels on every side at one scale."""

    width: int

    @classmethod
    def of(cls, height: int, width: int) -> Rim:
        """The rim of a picture of this size: 1/24 of its long side, at least 8 pixels."""
        return cls(max(LEAST, round(max(height, width) / SHARE)))

    def extend(self, t: Tensor) -> Tensor:
        """1×C×H×W continued by its mirror image on every side."""
        mode = "reflect" if min(t.shape[-2:]) > self.width else "replicate"
        return F.pad(t, (self.width,) * 4, mode=mode)

    def inner(self, t: Tensor) -> Tensor:
        """What `extend` was given."""
        return t[..., self.width : -self.width, self.width : -self.width]

    def widen(self, mask: Tensor) -> Tensor:
        """A mask H×W grown by the rim's width."""
        size = 2 * self.width + 1
        rows = F.max_pool2d(mask.float()[None, None], (size, 1), stride=1, padding=(self.width, 0))
        return F.max_pool2d(rows, (1, size), stride=1, padding=(0, self.width))[0, 0] > 0

    def around(self, problem: Problem, scale: Scale) -> Problem:
        """`problem` at `scale` with this rim."""
        size = (scale.height, scale.width)
        small = problem.regions.resized(size)
        shares, visible = self.extend(small.shares[None])[0], self.extend(small.visible[None, None])[0, 0]
        regions = Regions(shares, small.region_of, visible, self.widen(visible > 0))
        content = self.extend(resized(problem.content, size))
        return Problem(content, regions, problem.styles, problem.canvas_side * scale.ratio)
