"""The Gram style loss (Gatys et al. 2016, equations 3-5), guided by masks (Gatys et al. 2017, section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .base import Features, Units
from .moments import moments, squared_distance, squared_norm


@dataclass(frozen=True)
class GramLoss:
    """Distance of a region's Gram matrix to a target, in the units of a paper. No mask here: see `Guided`."""

    target: Tensor  # [C+1, C+1] moments
    metric: Tensor  # [C+1, C+1]
    scale: float

    @classmethod
    def of(cls, target: Tensor, metric: Tensor, units: Units, channels: int) -> GramLoss:
        """The loss in `units`; `channels` is the width the papers count, that of the head where there is one."""
        if units.name == "relative":
            scale = 1 / float(squared_norm(target, metric).clamp_min(1e-12))
        elif units.name == "gatys":
            scale = 1 / (4 * channels**2)  # moments are per position: their M² is divided out already
        else:
            scale = 1 / channels**2
        return cls(target, metric, scale)

    def __call__(self, second_moments: Tensor) -> Tensor:
        """The loss of one region's moments, a scalar."""
        return squared_distance(second_moments, self.target, self.metric) * self.scale


@dataclass(frozen=True)
class Guided:
    """A container: one loss for each region of a tap, each under the region's weights, by the region's share."""

    tap: str
    weights: Tensor  # [R, H, W] at the tap's resolution
    losses: Sequence[GramLoss]
    shares: Sequence[float]
    name: str = "style"

    @property
    def taps(self) -> tuple[str, ...]:
        """The one tap it reads."""
        return (self.tap,)

    def __call__(self, picture: Tensor, features: Features) -> Tensor:
        """The sum over regions, a scalar."""
        s = moments(features[self.tap], self.weights)
        terms = [loss(m) * share for loss, m, share in zip(self.losses, s, self.shares, strict=True)]
        return torch.stack(terms).sum()
