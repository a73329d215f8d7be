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


def rows(features: Tensor) -> Tensor:
    """Features C×H×W as N×C, a row for each position: a view of channels-last maps, so nothing is copied."""
    return features.permute(1, 2, 0).reshape(-1, len(features))


class _Moments(torch.autograd.Function):
    """Weighted second moments that keep only the features, in their own format, for the backward pass."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, weight: Tensor) -> Tensor:
        share = (weight / weight.sum().clamp_min(1e-8)).reshape(-1, 1)  # [N, 1]
        ctx.save_for_backward(features, share)
        f = rows(features).float()
        weighted = f * share
        mean = weighted.sum(0)[:, None]
        top = torch.cat([weighted.t() @ f, mean], 1)  # [C, C+1]
        return torch.cat([top, torch.cat([mean.t(), mean.new_ones(1, 1)], 1)])  # [C+1, C+1]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        features, share = ctx.saved_tensors
        both = grads[0] + grads[0].t()
        out = torch.addmm(both[-1:, :-1], rows(features).float(), both[:-1, :-1]).mul_(share)  # [N, C]
        channels, height, width = features.shape
        return out.to(features.dtype).view(height, width, channels).permute(2, 0, 1), None


def moments(features: Tensor, weight: Tensor) -> Tensor:
    """Moments of `features` (C×H×W) under `weight` (H×W, ≥ 0): (C+1)×(C+1), float32."""
    result: Tensor = _Moments.apply(features, weight)
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
