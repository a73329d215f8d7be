"""The Wasserstein-2 distance between Gaussians that have the features' mean and covariance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from ..features.encoder import Head
from .base import Seen
from .embedding import Embedding
from .moments import moments

# Added to both covariances' diagonals, in units of the target's mean variance: channels that are silent in one picture
# and not in the other would otherwise pull without bound.
RIDGE = 1e-4


class _Bures(torch.autograd.Function):
    """B(C, T) = tr C + tr T - 2 tr (T^½ C T^½)^½, with its gradient in closed form.

    ∂B/∂C = I - T^½ (T^½ C T^½)^-½ T^½: the identity minus the optimal transport map (Dowson & Landau 1982). So a step
    costs one eigendecomposition and none is differentiated.
    """

    @staticmethod
    def forward(ctx: Any, covariance: Tensor, root: Tensor, trace: float, ridge: float) -> Tensor:
        eye = torch.eye(len(root), dtype=root.dtype)
        c = covariance.detach().cpu().double() + ridge * eye
        values, vectors = torch.linalg.eigh(root @ c @ root)
        spread = values.clamp_min(ridge**2).sqrt()
        carried = root @ vectors
        ctx.save_for_backward((eye - (carried / spread) @ carried.t()).to(covariance.dtype).to(covariance.device))
        return covariance.new_tensor(float(c.trace() - 2 * spread.sum()) + trace)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,) = ctx.saved_tensors
        return grads[0] * gradient, None, None, None


@dataclass(frozen=True)
class CovarianceLoss:
    """‖m - m'‖² + B(C, C') of a tap's features and a target, over the target's energy.

    That is the squared Wasserstein-2 distance of two Gaussians (Dowson & Landau 1982, equation 4). The cheaper form
    ‖C^½ - C'^½‖², which lies above it, needs a derivative through a root of the picture's own covariance; the exact one
    has a gradient in closed form, and so costs no more.
    """

    tap: str
    weight: Tensor  # [H, W] how much each position counts
    embedding: Embedding
    mean: Tensor  # [D]
    root: Tensor  # [D, D] float64 on the CPU: of the target's covariance, ridge included
    trace: float
    ridge: float
    scale: float
    name: str = "style"

    @classmethod
    def of(cls, tap: str, target: Tensor, weight: Tensor, head: Head | None) -> CovarianceLoss:
        """The loss for `target` moments (C+1)×(C+1) under `weight` (H×W, ≥ 0); a head widens what is compared."""
        embedding = Embedding.of(head, target[:-1])
        mean, covariance = embedding.gaussian(target)
        c = covariance.cpu().double()
        values, vectors = torch.linalg.eigh((c + c.t()) / 2)
        values = values.clamp_min(0)  # those of a card are rounded
        ridge = RIDGE * float(values.mean()) + 1e-12
        root = (vectors * (values + ridge).sqrt()) @ vectors.t()
        energy = float(values.sum()) + float(mean.square().sum())
        trace = float((values + ridge).sum())
        return cls(tap, weight, embedding, mean, root, trace, ridge, 1 / max(energy, 1e-12))

    @property
    def taps(self) -> tuple[str]:
        """See `Loss`."""
        return (self.tap,)

    def __call__(self, seen: Seen) -> Tensor:
        """The loss, a scalar."""
        return self.of_map(seen.features[self.tap])

    def of_map(self, features: Tensor) -> Tensor:
        """The loss of the tap's features C×H×W, a scalar."""
        mean, covariance = self.embedding.gaussian(moments(features, self.weight))
        bures: Tensor = _Bures.apply(covariance, self.root, self.trace, self.ridge)
        return ((mean - self.mean).square().sum() + bures) * self.scale
