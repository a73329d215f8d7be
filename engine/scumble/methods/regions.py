"""Where each style applies."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Regions:
    """K styles on R regions of one picture; styles with the same mask share a region.

    `shares` (K×H×W) are the normalised shares of the styles at each pixel, `region_of` the region of each style,
    `visible` (H×W) the selection's coverage times the content's alpha; `around` (H×W bool) what a region may see,
    which is more than what is visible where a method continues the picture beyond its borders.
    """

    shares: Tensor
    region_of: tuple[int, ...]
    visible: Tensor
    around: Tensor | None = None

    def resized(self, size: tuple[int, int]) -> Regions:
        """The same regions at another height and width."""
        if self.visible.shape == size:
            return self
        mode = "area" if size[0] <= self.visible.shape[0] else "bilinear"
        shares, visible = (
            F.interpolate(t, size=size, mode=mode)[0] for t in (self.shares[None], self.visible[None, None])
        )
        return Regions(shares, self.region_of, visible[0])

    def rows(self, top: int, bottom: int) -> Regions:
        """The same regions over some rows of the picture."""
        return Regions(self.shares[:, top:bottom], self.region_of, self.visible[top:bottom])

    def of_region(self) -> Tensor:
        """Each region's share at each pixel, R×H×W: the sum over its styles."""
        out = self.shares.new_zeros(max(self.region_of) + 1, *self.visible.shape)
        return out.index_add_(0, torch.tensor(self.region_of, device=out.device), self.shares)
