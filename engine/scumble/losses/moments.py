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

BLOCK = 2048  # positions


def rows(features: Tensor) -> Tensor:
    """Features C×H×W as N×C, a row for each position: a view of channels-last maps, so nothing is copied."""
    return features.permute(1, 2, 0).reshape(-1, len(features))


def _sums(f: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
    """Σ w F Fᵀ (C×C) and Σ w F (C) of rows N×C under w (N×1), float32.

    In bf16 products are summed by blocks, so that the rounding of each block's sum averages out over the blocks.
    """
    if f.dtype != torch.bfloat16:
        f = f.float()
        weighted = f * w
        return weighted.t() @ f, weighted.sum(0)
    weighted, whole = f * w.to(f.dtype), len(f) // BLOCK * BLOCK
    left, right = (t[:whole].view(-1, BLOCK, t.shape[1]) for t in (weighted, f))
    second = torch.bmm(left.transpose(1, 2), right).sum(0, dtype=torch.float32)
    second += weighted[whole:].float().t() @ f[whole:].float()
    return (second + second.t()) / 2, weighted.sum(0, dtype=torch.float32)


class _Moments(torch.autograd.Function):
    """Weighted second moments that keep only the features, in their own format, for the backward pass."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, weight: Tensor) -> Tensor:
        w, mass = weight.reshape(-1, 1), weight.sum().clamp_min(1e-8)  # [N, 1]
        ctx.save_for_backward(features, w / mass)
        second, first = _sums(rows(features), w)
        mean = first[:, None] / mass
        top = torch.cat([second / mass, mean], 1)  # [C, C+1]
        return torch.cat([top, torch.cat([mean.t(), mean.new_ones(1, 1)], 1)])  # [C+1, C+1]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        features, share = ctx.saved_tensors
        # bf16 has float32's range and its gradient ends in bf16 anyway; fp16 would underflow on the way.
        dtype = torch.float32 if features.dtype == torch.float16 else features.dtype
        both = (grads[0] + grads[0].t()).to(dtype)
        out = torch.addmm(both[-1:, :-1], rows(features).to(dtype), both[:-1, :-1]).mul_(share.to(dtype))  # [N, C]
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
