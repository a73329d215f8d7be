"""The sum over regions, with its gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ..features.encoder import Encoder
from .base import Stepping
from .guided import Guided

# Gradients of relative losses lie below what fp16 can hold; a power of two shifts them without rounding.
FP16_SCALE = 2.0**14


@dataclass
class TotalLoss:
    """Σ regions, of which one may be the whole picture; `values` holds the last terms by name and their “total”."""

    encoder: Encoder
    regions: Sequence[Guided]
    values: dict[str, float] = field(default_factory=dict)

    def __call__(self, picture: Tensor) -> tuple[float, Tensor]:
        """The total for `picture` (1×3×H×W in [0, 1]) and its gradient.

        Regions are differentiated one after the other: memory is that of the largest, not of all.
        """
        x = picture.detach().requires_grad_(True)
        scale = FP16_SCALE if self.encoder.dtype == torch.float16 else 1.0
        gradient, values = torch.zeros_like(x), {"style": 0.0, "content": 0.0}
        for region in self.regions:
            self._add(region(self.encoder, x), x, scale, gradient, values)
        self.values = values | {"total": sum(values.values())}
        return self.values["total"], gradient

    def next_step(self) -> None:
        """Let the losses change that change from step to step."""
        for loss in (loss for region in self.regions for _, loss in region.losses):
            if isinstance(loss, Stepping):
                loss.next_step()

    @staticmethod
    def _add(terms: dict[str, Tensor], x: Tensor, scale: float, gradient: Tensor, values: dict[str, float]) -> None:
        if not terms:
            return
        (grad,) = torch.autograd.grad(torch.stack(list(terms.values())).sum() * scale, x)
        gradient.add_(grad, alpha=1 / scale)
        for name, value in terms.items():
            values[name] = values.get(name, 0.0) + float(value.detach())
