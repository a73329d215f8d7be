"""The nearest of the style's columns for each of the picture's: cosine distance after centring, in bounded memory."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ....losses.columns import Parts
from .columns import picked

PROJECTED = 128  # dimensions that distances are measured in: the style's principal ones
SAMPLE = 2000  # columns that they are found from
ITERATIONS = 4  # of the power method (Halko et al. 2011, algorithm 4.4)
BLOCK = 1024  # columns compared at a time: memory is BLOCK × the style's columns


class Neighbours:
    """A style's columns in parts, under a gain for each part, ready to be searched.

    Both sides are centred by means of their own (Kolkin et al. 2022, section 3.1): the picture's mean is measured when
    it asks. Distances are taken in the style's principal directions, where they cost a sixth and differ little.
    """

    def __init__(self, parts: Parts, gains: Sequence[float]) -> None:
        columns = [part.float() * g for part, g in zip(parts, gains, strict=True)]
        self.mean = [c.mean(0, keepdim=True) for c in columns]
        centred = [c - m for c, m in zip(columns, self.mean, strict=True)]
        length = torch.stack([c.square().sum(1) for c in centred]).sum(0).sqrt().clamp_min(1e-6)[:, None]
        unit = [c / length for c in centred]
        self.unit = [u.to(p.dtype) for u, p in zip(unit, parts, strict=True)]  # what a picture is drawn to
        self._gains = gains
        basis = _principal(torch.cat(unit, 1))
        self._basis = [
            b.to(p.dtype) for b, p in zip(torch.split(basis, [p.shape[1] for p in parts]), parts, strict=True)
        ]
        self._known = torch.cat(unit, 1).matmul(basis).to(parts[0].dtype).t().contiguous()  # [P, M]

    def nearest(self, parts: Parts) -> Tensor:
        """For each of the columns (N, in parts) the index of the nearest of the style's."""
        seen = sum((q * g).matmul(b).float() for q, g, b in zip(parts, self._gains, self._basis, strict=True))
        seen = torch.as_tensor(seen)
        seen = (seen - seen.mean(0)).to(self._known.dtype)  # their lengths do not change which is nearest
        return torch.cat([block.matmul(self._known).argmax(1) for block in torch.split(seen, BLOCK)])


def gains_of(parts: Parts) -> list[float]:
    """For each part the factor that gives its rows length 1 in the mean: no tap outweighs the others."""
    return [1 / (float(p.float().norm(dim=1).mean()) + 1e-6) for p in parts]


def sampled(parts: Parts, most: int, seed: int) -> Parts:
    """At most `most` of the columns, chosen by `seed`."""
    if len(parts[0]) <= most:
        return parts
    places = torch.randperm(len(parts[0]), generator=torch.Generator().manual_seed(seed))[:most]
    return picked(parts, places.to(parts[0].device))


def _principal(unit: Tensor) -> Tensor:
    """The principal directions D×P of unit columns M×D, from a sample, the same each time."""
    if unit.shape[1] <= PROJECTED:
        return torch.eye(unit.shape[1], device=unit.device)
    (some,) = sampled([unit], SAMPLE, 1)
    moments = some.t() @ some
    basis = torch.randn(len(moments), PROJECTED, generator=torch.Generator().manual_seed(1)).to(unit.device)
    for _ in range(ITERATIONS):
        basis, _ = torch.linalg.qr(moments @ basis)
    return basis
