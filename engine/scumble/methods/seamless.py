"""Pictures that tile: whatever a method paints, its opposite borders fit.

The picture is painted as it lies among its own copies, with a rim of them around it. Where the rim and the opposite
border show the same place painted twice, one is laid over the other along the line on which they differ least (image
quilting, Efros & Freeman 2001, section 2.1), closed on itself: nothing is blended over more than a few pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ..wire.request.choices import SEAMLESS
from .base import Reporter
from .memory import rim_of
from .problem import Problem

SOFT = 2.0  # pixels over which one painting becomes the other, to either side of the line


@dataclass(frozen=True)
class Tile:
    """A picture of H×W pixels, painted with so many pixels of its copies beside it and above it."""

    size: tuple[int, int]
    beside: int
    above: int

    @classmethod
    def of(cls, content: Tensor, seamless: str) -> Tile:
        """For a content 1×3×H×W, and a choice of the option `seamless`."""
        height, width = content.shape[-2:]
        across, down = SEAMLESS[seamless]
        return cls((height, width), rim_of(width) if across else 0, rim_of(height) if down else 0)

    def among_copies(self, problem: Problem) -> Problem:
        """`problem` with the rim."""
        if not (self.beside or self.above):
            return problem
        regions = problem.regions
        shares, visible = self._wrapped(regions.shares[None])[0], self._wrapped(regions.visible[None, None])[0, 0]
        spared = None if problem.spared is None else self._wrapped(problem.spared)
        around = replace(regions, shares=shares, visible=visible)
        return replace(problem, content=self._wrapped(problem.content), regions=around, spared=spared)

    def closed(self, painted: Tensor) -> Tensor:
        """A painting 1×3×H'×W' with its rim as one of H×W that tiles."""
        if self.beside:
            painted = _closed(painted, self.beside)
        if self.above:
            painted = _closed(painted.transpose(2, 3), self.above).transpose(2, 3)
        return painted.contiguous()

    def watched(self, report: Reporter) -> Reporter:
        """`report`, which is shown no rim."""
        return _WithoutRim(report, self) if self.beside or self.above else report

    def _wrapped(self, t: Tensor) -> Tensor:
        return F.pad(t, (self.beside, self.beside, self.above, self.above), mode="circular")


def _closed(painted: Tensor, rim: int) -> Tensor:
    """1×3×H×(rim + W + rim) as 1×3×H×W whose left and right borders fit."""
    band, width = rim // 2, painted.shape[-1] - 2 * rim
    # The same places twice: as the right border goes on beyond itself, and as the left one has begun before itself.
    right = painted[..., rim + width - band : rim + width + band]
    left = painted[..., rim - band : rim + band]
    differs = (right - left).square().sum(1)[0].float().cpu().numpy()
    line = torch.from_numpy(cheapest_line(differs)).to(painted)
    place = torch.arange(2 * band, device=painted.device, dtype=painted.dtype)
    share = ((place - line[:, None]) / (2 * SOFT) + 0.5).clamp(0, 1)
    joined = torch.lerp(right, left, share)
    inner = painted[..., rim : rim + width].clone()
    inner[..., :band], inner[..., width - band :] = joined[..., band:], joined[..., :band]
    return inner


def cheapest_line(costs: NDArray[np.float32]) -> NDArray[np.int64]:
    """The way down through costs H×B, a place in each row, next to each other and, first and last, closed on itself."""
    free = _way(costs)
    middle = len(costs) // 2
    # It is closed where a way that is free to choose is least held by its ends: in the middle.
    turned = np.roll(costs, -middle, 0)
    bound = np.full_like(turned[:1], np.inf)
    bound[0, free[middle]] = 0
    return np.roll(_way(np.concatenate([bound, turned, bound]))[1:-1], middle)


def _way(costs: NDArray[np.float32]) -> NDArray[np.int64]:
    total = costs.astype(np.float64)
    came = np.zeros(costs.shape, np.int64)
    for row in range(1, len(costs)):
        before = np.pad(total[row - 1], 1, constant_values=np.inf)
        each = np.stack([before[:-2], before[1:-1], before[2:]])
        came[row] = each.argmin(0) - 1
        total[row] += each.min(0)
    line = np.empty(len(costs), np.int64)
    line[-1] = total[-1].argmin()
    for row in range(len(costs) - 1, 0, -1):
        line[row - 1] = line[row] + came[row, line[row]]
    return line


class _WithoutRim:
    """A reporter whose previews show the picture alone."""

    def __init__(self, report: Reporter, tile: Tile) -> None:
        self._report, self._tile = report, tile
        self.wants_preview, self.check = report.wants_preview, report.check
        self.fetching, self.preparing = report.fetching, report.preparing
        self.keep = getattr(report, "keep", None)

    def progress(self, step: int, of: int, scale: str, losses: Mapping[str, float], seconds_left: float) -> None:
        """See `Reporter`."""
        self._report.progress(step, of, scale, losses, seconds_left)

    def preview(self, rgb: NDArray[np.uint8]) -> None:
        """See `Reporter`."""
        (height, width), tile = rgb.shape[:2], self._tile
        down = round(tile.above * height / (tile.size[0] + 2 * tile.above))
        across = round(tile.beside * width / (tile.size[1] + 2 * tile.beside))
        self._report.preview(np.ascontiguousarray(rgb[down : height - down, across : width - across]))
