"""Means and variances of a map under a weight, summed up over bands: instance normalisation by mask mass."""

from __future__ import annotations

import torch
from torch import Tensor

EPSILON = 1e-3  # a flat sky stays flat: what varies less than this is not stretched
BLOCK = 32768  # positions that are widened to float32 at a time


class Sums:
    """Weighted sums of a map's values and of their squares.

    Rows are summed one by one in float32, and their sums in float64: so bands of rows give what the whole map gives.
    """

    def __init__(self, channels: int, device: torch.device) -> None:
        self.wide = torch.float32 if device.type == "mps" else torch.float64  # Metal has no float64
        self.mass = torch.zeros((), dtype=self.wide, device=device)
        self.first, self.second = (torch.zeros(channels, dtype=self.wide, device=device) for _ in range(2))

    def add(self, features: Tensor, weight: Tensor) -> None:
        """Count a map 1×C×H×W under `weight` H×W."""
        maps, rows = features[0].permute(1, 2, 0), max(1, BLOCK // features.shape[-1])
        for at in range(0, len(maps), rows):
            f, w = maps[at : at + rows].float(), weight[at : at + rows, None].float()  # [h, W, C], [h, 1, W]
            self.first += (w @ f).sum((0, 1), dtype=self.wide)
            self.second += (w @ (f * f)).sum((0, 1), dtype=self.wide)
            self.mass += w.sum(dtype=self.wide)

    def mean_and_variance(self) -> tuple[Tensor, Tensor]:
        """Of all that was counted, by channel, float32."""
        mass = self.mass.clamp_min(1e-8)
        mean = self.first / mass
        return mean.float(), (self.second / mass - mean.square()).clamp_min(0).float()
