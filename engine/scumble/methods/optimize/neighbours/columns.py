"""Columns in their parts (see `losses.columns`): picked, mixed, centred, of length 1, and how alike they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from ....losses.columns import Parts


def picked(parts: Parts, places: Tensor) -> Parts:
    """The columns at `places` (indices)."""
    return [part.index_select(0, places) for part in parts]


def mixed(means: Sequence[Parts], shares: Tensor, dtype: torch.dtype) -> Parts:
    """The styles' means mixed by their shares at each place."""
    if len(means) == 1:
        return [m.to(dtype) for m in means[0]]
    total = shares / shares.sum(0).clamp_min(1e-6)
    return [(total.t() @ torch.cat(part)).to(dtype) for part in zip(*means, strict=True)]


def unit_columns(parts: Parts, mean: Parts, gains: Sequence[float]) -> Parts:
    """Columns under a gain for each part, centred by `mean`, of length 1."""
    return normalised([torch.add(-m, q, alpha=g) for q, m, g in zip(parts, mean, gains, strict=True)])


def normalised(parts: Parts) -> Parts:
    """Columns of length 1."""
    square = torch.stack([p.float().square().sum(1) for p in parts]).sum(0)
    length = square.sqrt().clamp_min(1e-6)[:, None]
    return [(p / length).to(p.dtype) for p in parts]


class MeanCosine(torch.autograd.Function):
    """Σ w · cos(g·q - m, t) over places, with the derivative by q written out: each part is read but a few times.

    Called with the places' weights w (N), their targets t (unit columns in parts), means m in parts (1×C or N×C), a
    gain g for each part, and the columns q in parts.
    """

    @staticmethod
    def forward(ctx: Any, weight: Tensor, target: Parts, mean: Parts, gains: Sequence[float], *parts: Tensor) -> Tensor:
        centred = [torch.add(-m, q, alpha=g) for q, m, g in zip(parts, mean, gains, strict=True)]
        dot = sum((c * t).sum(1, dtype=torch.float32) for c, t in zip(centred, target, strict=True))
        square = sum(torch.linalg.vector_norm(c, dim=1, dtype=torch.float32).square() for c in centred)
        length = torch.as_tensor(square).sqrt().clamp_min(1e-6)
        cosine = dot / length
        ctx.save_for_backward(weight / length, cosine / length, *centred, *target)
        ctx.gains = list(gains)
        return (cosine * weight).sum()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        weight, cosine, *both = ctx.saved_tensors
        centred, target = both[: len(both) // 2], both[len(both) // 2 :]
        along = (grads[0] * weight)[:, None]
        back = (along * cosine[:, None]).to(centred[0].dtype)
        along = along.to(centred[0].dtype)
        out = [
            torch.addcmul(t * along, c, back, value=-1).mul_(g)
            for c, t, g in zip(centred, target, ctx.gains, strict=True)
        ]
        return (None, None, None, None, *out)


def mean_cosine(weight: Tensor, target: Parts, mean: Parts, gains: Sequence[float], parts: Parts) -> Tensor:
    """See `MeanCosine`; a scalar."""
    result: Tensor = MeanCosine.apply(weight, target, mean, gains, *parts)
    return result
