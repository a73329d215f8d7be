"""The sum over regions, with its gradient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ..features.encoder import Encoder
from .base import Matching, Stepping
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
        """Tell the losses that change from step to step that a step begins."""
        for loss in self._stepping():
            loss.next_step()

    def memory(self) -> tuple[list[list[int]], list[Tensor]]:
        """What those losses depend on: for each its steps and its number of tensors, then all the tensors."""
        counts: list[list[int]] = []
        tensors: list[Tensor] = []
        for loss in self._stepping():
            matched = list(loss.matched()) if isinstance(loss, Matching) else []
            counts.append([loss.steps, len(matched)])
            tensors += matched
        return counts, tensors

    def restore(self, counts: Sequence[Sequence[int]], tensors: Sequence[Tensor]) -> None:
        """Go on by what `memory` told."""
        rest = list(tensors)
        for loss, (steps, count) in zip(self._stepping(), counts, strict=True):
            loss.steps = steps
            if isinstance(loss, Matching):
                loss.restore(rest[:count])
            rest = rest[count:]

    def _stepping(self) -> Iterator[Stepping]:
        return (x for region in self.regions for _, x in region.losses if isinstance(x, Stepping))

    @staticmethod
    def _add(terms: dict[str, Tensor], x: Tensor, scale: float, gradient: Tensor, values: dict[str, float]) -> None:
        if not terms:
            return
        (grad,) = torch.autograd.grad(torch.stack(list(terms.values())).sum() * scale, x)
        gradient.add_(grad, alpha=1 / scale)
        for name, value in terms.items():
            values[name] = values.get(name, 0.0) + float(value.detach())
