"""Adam (Kingma & Ba 2015). torch's own loads torch's compiler: 150 MB, and seconds before the first picture."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

BETAS = (0.9, 0.99)
EPS = 1e-8


class Adam:
    """Steps of `tensors` down their gradients, which each step forgets."""

    def __init__(self, tensors: Sequence[Tensor]) -> None:
        self.tensors, self.steps = tensors, 0
        self.means = [torch.zeros_like(t) for t in tensors]
        self.squares = [torch.zeros_like(t) for t in tensors]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """One step."""
        self.steps += 1
        first, second = (1 - beta**self.steps for beta in BETAS)
        for t, mean, square in zip(self.tensors, self.means, self.squares, strict=True):
            if t.grad is None:
                continue
            mean.lerp_(t.grad, 1 - BETAS[0])
            square.mul_(BETAS[1]).addcmul_(t.grad, t.grad, value=1 - BETAS[1])
            t.addcdiv_(mean, (square / second).sqrt_().add_(EPS), value=-rate / first)
            t.grad = None
