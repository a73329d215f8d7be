"""The weighted sum of losses, with one pass through the encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ..features.encoder import Encoder
from .base import Loss


@dataclass
class TotalLoss:
    """Σ weight · loss over all terms; `values` holds each name's last share of the sum."""

    encoder: Encoder
    terms: Sequence[tuple[float, Loss]]
    values: dict[str, float] = field(default_factory=dict)

    def __call__(self, picture: Tensor) -> Tensor:
        """The total for `picture` (1×3×H×W in [0, 1]), a scalar."""
        taps = {t for weight, loss in self.terms if weight > 0 for t in loss.taps}
        maps = self.encoder(picture, taps) if taps else {}
        features = {t: f[0] for t, f in maps.items()}
        sums: dict[str, Tensor] = {}
        for weight, loss in self.terms:
            if weight > 0:
                sums[loss.name] = sums.get(loss.name, picture.new_zeros(())) + weight * loss(picture, features)
        total = torch.stack(list(sums.values())).sum() if sums else picture.sum() * 0
        self.values = {n: float(v.detach()) for n, v in sums.items()} | {"total": float(total.detach())}
        return total
