"""A picture in patches of even colour with crisp edges, as a brush would lay them: a Kuwahara filter.

Each pixel takes the mean of those windows around it that vary least, weighed by the fourth power of their variance
(Kuwahara et al. 1976; soft weights as in Papari et al. 2007): fur and leaves become dabs, edges stay. Laid under the
strokes in part, since small faces live by detail.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

LUMA = (0.299, 0.587, 0.114)
LEAST = 1e-5  # variance that counts as none
ROWS = 1 << 16  # pixels that are filtered at once: their means stay near the processor
DAB, DABS = 128.0, 0.4  # a painting's long side for each pixel of a dab's radius; how much dabs count


def in_dabs(colored: Tensor, strokes: float) -> Tensor:
    """What the network gets of a content 1×3×H×W in the style's colours: partly laid in dabs, whose size goes by the
    painting's long side, `strokes` pixels."""
    return torch.lerp(colored, in_patches(colored, round(strokes / DAB)), DABS)


def in_patches(picture: Tensor, radius: int) -> Tensor:
    """A picture 1×3×H×W in [0, 1], filtered by windows of `radius` + 1 pixels; 0 leaves it as it is."""
    height, width = picture.shape[-2:]
    if radius < 1 or min(height, width) <= radius:
        return picture
    padded = F.pad(picture, (radius,) * 4, mode="reflect")
    out, rows = torch.empty_like(picture), max(1, ROWS // width)
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        out[..., top:bottom, :] = _filtered(padded[..., top : bottom + 2 * radius, :], radius)
    return out


def _filtered(padded: Tensor, radius: int) -> Tensor:
    luma = (padded * padded.new_tensor(LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)
    mean, first, second = (averaged(t, radius + 1) for t in (padded, luma, luma * luma))
    weight = second.addcmul_(first, first, value=-1).clamp_min_(0).add_(LEAST)
    weight = weight.square_().square_().reciprocal_()  # to the power of -4: torch's own takes many times as long
    height, width = (e - 2 * radius for e in padded.shape[-2:])
    total, colors = torch.zeros_like(weight[..., :height, :width]), torch.zeros_like(mean[..., :height, :width])
    for y, x in _windows(radius):
        own = weight[..., y : y + height, x : x + width]
        total += own
        colors += own * mean[..., y : y + height, x : x + width]
    return colors / total


def averaged(maps: Tensor, side: int) -> Tensor:
    """Means of windows of `side` × `side`, one fewer each way per pixel of `side` beyond the first."""
    return _summed(_summed(maps, side, -2), side, -1).div_(side * side)


def _summed(maps: Tensor, side: int, dim: int) -> Tensor:
    """Sums of `side` neighbours along `dim`, put together from sums of 1, 2, 4 …: torch's pooling takes five times as
    long."""
    length, offset, width = maps.shape[dim] - side + 1, 0, 1
    total: Tensor | None = None
    while width <= side:
        if side & width:
            part = maps.narrow(dim, offset, length)
            total, offset = part.clone() if total is None else total.add_(part), offset + width
        if 2 * width <= side:
            left = maps.shape[dim] - width
            maps = maps.narrow(dim, 0, left) + maps.narrow(dim, width, left)
        width *= 2
    assert total is not None
    return total


def _windows(radius: int) -> Iterator[tuple[int, int]]:
    """Where the windows around a pixel begin: those that it is a corner of, or the middle of a side."""
    for y in (0, radius // 2, radius):
        for x in (0, radius // 2, radius):
            if (y, x) != (radius // 2, radius // 2) or radius < 2:
                yield y, x
