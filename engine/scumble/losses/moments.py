"""Second moments of features under a weight: what Gram losses compare.

The moments of features F (C×N) under weights w are those of F with a constant 1 appended: a (C+1)×(C+1) matrix
S = [[G, m], [mᵀ, 1]] of the Gram matrix G = Σ wₙ FₙFₙᵀ / Σ w (per position, so that pictures of any size compare) and
the mean m. A linear head F' = W F + b turns it into G' = A S Aᵀ with A = [W b], hence
‖G' - T'‖² = tr(K Δ K Δ), K = AᵀA, Δ = S - T: the wide Gram matrix is never computed.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from ..features.encoder import Head


class _Moments(torch.autograd.Function):
    """Weighted second moments of R regions at once, keeping only the features and the weights for the backward pass."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, weights: Tensor) -> Tensor:
        ctx.save_for_backward(features, weights)
        f = torch.cat([features.float(), features.new_ones(1, features.shape[1], dtype=torch.float32)])  # [C+1, N]
        mass = weights.sum(1).clamp_min(1e-8)  # [R]
        return torch.stack([(f * (w / m)) @ f.t() for w, m in zip(weights, mass, strict=True)])  # [R, C+1, C+1]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        features, weights = ctx.saved_tensors
        f, mass, grad = features.float(), weights.sum(1).clamp_min(1e-8), grads[0]
        both = grad + grad.transpose(1, 2)
        out = torch.zeros_like(f)
        for b, w, m in zip(both, weights, mass, strict=True):
            out.add_((b[:-1, :-1] @ f + b[:-1, -1:]) * (w / m))
        return out.to(features.dtype), None


def moments(features: Tensor, weights: Tensor) -> Tensor:
    """Moments of `features` (C×H×W) under each of R `weights` (R×H×W, ≥ 0): R×(C+1)×(C+1), float32."""
    result: Tensor = _Moments.apply(features.flatten(1), weights.flatten(1))
    return result


def metric(channels: int, head: Head | None, like: Tensor) -> Tensor:
    """K = AᵀA of a tap's head, (C+1)×(C+1); without a head, that of the plain Gram matrix."""
    if head is None:
        k = torch.eye(channels + 1, device=like.device, dtype=torch.float32)
        k[-1, -1] = 0
        return k
    a = torch.cat([head.weight, head.bias[:, None]], 1).detach().to(like.device, torch.float32)
    return a.t() @ a


def squared_distance(s: Tensor, t: Tensor, k: Tensor) -> Tensor:
    """‖G'ₛ - G'ₜ‖² (Frobenius) of two moment matrices under the metric K."""
    kd = k @ (s - t)
    return (kd * kd.t()).sum()


def squared_norm(t: Tensor, k: Tensor) -> Tensor:
    """‖G'ₜ‖² (Frobenius) under the metric K."""
    kt = k @ t
    return (kt * kt.t()).sum()
