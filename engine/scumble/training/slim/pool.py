"""Pictures under optimization by the student itself: the hard examples of the distillation.

A student that is right on photographs can still be fooled by the pictures an optimizer makes under it: they match
its Gram matrices and not the teacher's (the grain of style transfer by small networks). So part of every batch comes
from a pool of pictures that are being stylised under the student as it is now, and the teacher says what they are.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ...features.slim import Slim

STYLE_TAPS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
MAX_AGE = 60


def widened_gram(net: Slim, tap: str, features: Tensor) -> Tensor:
    """Gram matrices of the widened features, N×C'×C', per position."""
    wide = net.widened(tap, features.float()).flatten(2)
    return wide @ wide.transpose(1, 2) / wide.shape[-1]


class Pool:
    """`size` pictures, each a photograph on its way to a painting's Gram matrices by Adam."""

    def __init__(self, size: int, lr: float = 0.03) -> None:
        self.size, self.lr, self.turn = size, lr, 0
        self.x: list[Tensor] = []
        self.style: list[Tensor] = []
        self.moments: list[tuple[Tensor, Tensor]] = []
        self.age: list[int] = []

    def _reset(self, i: int, content: Tensor, style: Tensor) -> None:
        place = slice(i, i + 1)  # at the list's end it appends
        self.x[place], self.style[place], self.age[place] = [content.clone()], [style], [0]
        self.moments[place] = [(torch.zeros_like(content), torch.zeros_like(content))]

    def step(self, net: Slim, fresh: list[tuple[Tensor, Tensor]]) -> Tensor:
        """Advance one entry for each (content, style) in `fresh`, which replaces it when it is old; N×3×H×W."""
        chosen = [(self.turn + k) % self.size for k in range(len(fresh))]
        self.turn = (self.turn + len(fresh)) % self.size
        for i, (content, style) in zip(chosen, fresh, strict=True):
            if i >= len(self.x) or self.age[i] >= MAX_AGE:
                self._reset(min(i, len(self.x)), content, style)
        chosen = [min(i, len(self.x) - 1) for i in chosen]
        x = torch.stack([self.x[i] for i in chosen])
        grad = self._gradient(net, x, torch.stack([self.style[i] for i in chosen]))
        for row, i in enumerate(chosen):
            self._adam(i, grad[row])
        return torch.stack([self.x[i] for i in chosen])

    @staticmethod
    def _gradient(net: Slim, x: Tensor, style: Tensor) -> Tensor:
        x = x.clone().requires_grad_(True)
        with torch.no_grad():
            targets = {t: widened_gram(net, t, f) for t, f in net(style, STYLE_TAPS).items()}
        loss = x.new_zeros(())
        for tap, features in net(x, STYLE_TAPS).items():
            target = targets[tap]
            error = (widened_gram(net, tap, features) - target).square().sum((1, 2))
            loss = loss + (error / target.square().sum((1, 2)).clamp_min(1e-8)).sum()
        return torch.autograd.grad(loss, x)[0]

    def _adam(self, i: int, grad: Tensor) -> None:
        m, v = self.moments[i]
        self.age[i] += 1
        m.lerp_(grad, 0.1)
        v.lerp_(grad.square(), 0.01)
        step = (m / (1 - 0.9 ** self.age[i])) / ((v / (1 - 0.99 ** self.age[i])).sqrt() + 1e-12)
        self.x[i] = (self.x[i] - self.lr * step).clamp(0, 1)
