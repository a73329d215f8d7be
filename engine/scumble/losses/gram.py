"""The Gram style loss (Gatys et al. 2016, equations 3-5) on features that each count by a weight."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ..features.encoder import Head
from .base import Seen, Units
from .moments import metric, moments, squared_distance, squared_norm


@dataclass(frozen=True)
class GramLoss:
    """Distance of the features' Gram matrix to a target's, in the units of a paper."""

    tap: str
    weight: Tensor  # [H, W] how much each position counts
    target: Tensor  # [C+1, C+1] moments
    metric: Tensor  # [C+1, C+1]
    scale: float
    name: str = "style"

    @classmethod
    def of(cls, tap: str, target: Tensor, weight: Tensor, head: Head | None, units: Units) -> GramLoss:
        """The loss for `target` moments under `weight` (H×W, ≥ 0), in `units`; a head widens what is compared."""
        channels = len(target) - 1
        k = metric(channels, head, target)
        width = channels if head is None else len(head.bias)
        if units.name == "relative":
            scale = 1 / float(squared_norm(target, k).clamp_min(1e-12))
        elif units.name == "gatys":
            scale = 1 / (4 * width**2)  # moments are per position: the paper's M² is divided out already
        else:
            scale = 1 / width**2
        return cls(tap, weight, target, k, scale)

    @property
    def taps(self) -> tuple[str]:
        """See `Loss`."""
        return (self.tap,)

    def __call__(self, seen: Seen) -> Tensor:
        """The loss, a scalar."""
        return self.of_map(seen.features[self.tap])

    def of_map(self, features: Tensor) -> Tensor:
        """The loss of the tap's features C×H×W, a scalar."""
        s = moments(features, self.weight)
        return squared_distance(s, self.target, self.metric) * self.scale
