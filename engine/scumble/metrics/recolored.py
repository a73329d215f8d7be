"""The content in a style's colours: what a result has to be better than, since no stroke was added to it."""

from __future__ import annotations

import torch
from torch import Tensor

RIDGE = 1e-6


@torch.no_grad()
def recolored(content: Tensor, weight: Tensor, mean: Tensor, covariance: Tensor) -> Tensor:
    """`content` (1×3×H×W in [0, 1]) with the `mean` (3) and `covariance` (3×3) of colours, clipped to [0, 1].

    By the linear Monge-Kantorovich map (Pitié & Kokaram 2007) from its own under `weight` (H×W, ≥ 0).
    """
    values, share = content[0].flatten(1).double(), weight.flatten().double() / weight.double().sum()
    own = (values @ share)[:, None]
    centred, ridge = values - own, RIDGE * torch.eye(3, dtype=torch.float64)
    root, back = (_power((centred * share) @ centred.t() + ridge, p) for p in (0.5, -0.5))
    middle = _power(root @ (covariance.double() + ridge) @ root, 0.5)
    found = back @ middle @ back @ centred + mean.double()[:, None]
    return found.float().view_as(content).clamp(0, 1)


def _power(matrix: Tensor, exponent: float) -> Tensor:
    """A power of a symmetric matrix."""
    values, vectors = torch.linalg.eigh(matrix)
    result: Tensor = vectors * values.clamp_min(1e-12) ** exponent @ vectors.t()
    return result
