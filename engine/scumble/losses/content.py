"""The content loss (Gatys et al. 2016, equation 1) on features that each count by a weight."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ..features.encoder import Head
from .base import Seen, Units
from .moments import metric, rows


@dataclass(frozen=True)
class ContentLoss:
    """Squared distance of features to the content's. A head W enters as the quadratic form WᵀW."""

    tap: str
    target: Tensor  # [N, C]
    weight: Tensor  # [N], sums to 1
    form: Tensor | None  # [C, C]: WᵀW, or None for the identity
    scale: float
    name: str = "content"

    @classmethod
    def of(cls, tap: str, target: Tensor, weight: Tensor, head: Head | None, units: Units) -> ContentLoss:
        """The loss for `target` features (C×H×W) under `weight` (H×W, ≥ 0), in `units`."""
        f, w = rows(target).float(), weight.flatten() / weight.sum().clamp_min(1e-8)
        k = metric(f.shape[1], head, f)
        if units.name == "relative":
            mean, energy = w @ f, w @ ((f @ k[:-1, :-1]) * f).sum(1)
            scale = 1 / float((energy + 2 * k[-1, :-1] @ mean + k[-1, -1]).clamp_min(1e-12))
        elif units.name == "gatys":
            scale = 0.5 * len(f)  # a sum over positions, where the weight gives their mean
        else:
            scale = 1 / (f.shape[1] if head is None else len(head.bias))
        return cls(tap, f, w, None if head is None else k[:-1, :-1], scale)

    @property
    def taps(self) -> tuple[str]:
        """See `Loss`."""
        return (self.tap,)

    def __call__(self, seen: Seen) -> Tensor:
        """The loss, a scalar."""
        return self.of_map(seen.features[self.tap])

    def of_map(self, features: Tensor) -> Tensor:
        """The loss of the tap's features C×H×W, a scalar."""
        d = rows(features).float() - self.target
        energy = (d if self.form is None else d @ self.form) * d
        return (self.weight @ energy.sum(1)) * self.scale
