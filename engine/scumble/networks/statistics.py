"""Means and variances of a map under a weight, summed up over bands: instance normalisation by mask mass."""

from __future__ import annotations

import torch
from torch import Tensor

EPSILON = 1e-3  # a flat sky stays flat: what varies less than this is not stretched
BLOCK = 32768  # positions that are widened to float32 at a time


class Sums:
    """Weighted sums of a map's values and of their squares, float32."""

    def __init__(self, channels: int, device: torch.device) -> None:
        self.any = False
        self.mass = torch.zeros((), device=device)
        self.first, self.second = torch.zeros(channels, device=device), torch.zeros(channels, device=device)

    def add(self, features: Tensor, weight: Tensor) -> None:
        """Count a map 1×C×H×W under `weight` H×W."""
        rows, w = features[0].permute(1, 2, 0).reshape(-1, features.shape[1]), weight.flatten()
        for at in range(0, len(rows), BLOCK):
            f, part = rows[at : at + BLOCK].float(), w[at : at + BLOCK].float()
            self.first += part @ f
            self.second += part @ (f * f)
        self.mass += w.float().sum()
        self.any = True

    def mean_and_variance(self) -> tuple[Tensor, Tensor]:
        """Of all that was counted, by channel."""
        mass = self.mass.clamp_min(1e-8)
        mean = self.first / mass
        return mean, (self.second / mass - mean.square()).clamp_min(0)
