"""Where each style applies: regions, their weights at every tap, and the mixture of styles that each region wants.

Guidance follows Gatys et al. 2017, section 4.1 (“inside”): a position counts for a region only where its receptive
field lies inside, so that neither statistics nor gradients cross a border. Two deviations: the weights are soft, by
mass; and where a region is too narrow for a tap's receptive field the erosion is reduced rather than the region lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

KEEP_SHARE = 0.25  # of a region's mass must survive the erosion
SHRINK = 0.7


@dataclass(frozen=True)
class Regions:
    """K styles on R regions of one picture; styles with the same mask share a region.

    `shares` (K×H×W) are the normalised shares of the styles at each pixel, `region_of` the region of each style,
    `visible` (H×W) the selection's coverage times the content's alpha.
    """

    shares: Tensor
    region_of: tuple[int, ...]
    visible: Tensor

    def resized(self, size: tuple[int, int]) -> Regions:
        """The same regions at another height and width."""
        if self.visible.shape == size:
            return self
        both = torch.cat([self.shares, self.visible[None]])[None]
        out = F.interpolate(both, size=size, mode="area")[0]
        return Regions(out[:-1], self.region_of, out[-1])

    def weights(self) -> Tensor:
        """Each region's weight at each pixel, R×H×W: the shares of its styles where they are visible."""
        out = self.shares.new_zeros(max(self.region_of) + 1, *self.visible.shape)
        for k, r in enumerate(self.region_of):
            out[r] += self.shares[k]
        return out * self.visible


@dataclass(frozen=True)
class TapGuide:
    """Guidance at one tap: region weights (R×h×w), the style mixture of each region (R×K, rows sum to 1) and the
    regions' shares of the loss (R, sum to 1)."""

    weights: Tensor
    mixture: Tensor
    shares: Tensor


def erode(weights: Tensor, radius: int) -> Tensor:
    """Soft erosion of R×H×W weights: the minimum within `radius` pixels; picture borders do not erode."""
    if radius < 1:
        return weights
    size = 2 * radius + 1
    rows = F.max_pool2d(-weights[None], (size, 1), stride=1, padding=(radius, 0))
    return -F.max_pool2d(rows, (1, size), stride=1, padding=(0, radius))[0]


def inside(weights: Tensor, radius: int) -> Tensor:
    """Erode each region by `radius`, or by as much as leaves `KEEP_SHARE` of its mass."""
    out = []
    for w in weights[:, None]:
        r, mass = radius, float(w.sum())
        eroded = erode(w, min(r, max(w.shape[-2:])))
        while r > 0 and float(eroded.sum()) < KEEP_SHARE * mass:
            r = int(r * SHRINK)
            eroded = erode(w, r)
        out.append(eroded)
    return torch.cat(out)


def guide(regions: Regions, radius: int, stride: int) -> TapGuide:
    """The guidance at a tap of receptive `radius` and `stride` (pixels)."""
    weights = regions.weights()
    mass = weights.sum((1, 2))
    eroded = inside(weights, radius)
    pool = lambda t: F.avg_pool2d(t[None], stride)[0] if stride > 1 else t  # noqa: E731
    at_tap, shares = pool(eroded), pool(regions.shares)
    # If styles blended ideally, the moments under w would be the shares' mean of the styles' moments under w.
    mixture = torch.einsum("rhw,khw->rk", at_tap, shares)
    mixture = mixture / mixture.sum(1, keepdim=True).clamp_min(1e-8)
    return TapGuide(at_tap, mixture, mass / mass.sum().clamp_min(1e-8))
