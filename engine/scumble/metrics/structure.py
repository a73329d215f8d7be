"""Structure: whether places that looked alike in the content still do, whatever their colours (STROTSS).

Kolkin et al. 2019, “Style Transfer by Relaxed Optimal Transport and Self-Similarity”: the distance between matrices of
self-similarity, each column of which is divided by its sum.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .likeness import columns

PLACES = 1500


@torch.no_grad()
def structure(features: Tensor, content: Tensor, weight: Tensor) -> float:
    """The distance of `features` from those of the `content` (both C×h×w) where `weight` (h×w) counts; 0 to 2.

    0 keeps the scene; about half of an unrelated picture's distance is where a subject dissolves.
    """
    a, b = _similarity(columns(features, weight)), _similarity(columns(content, weight))
    return float((a - b).abs().sum(0).mean())


def _similarity(rows: Tensor) -> Tensor:
    """The cosine distances between some rows, each column's sum 1."""
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(1))
    rows = F.normalize(rows, dim=1)[order[:PLACES]]
    distance = 1 - rows @ rows.t()
    return distance / distance.sum(0, keepdim=True).clamp_min(1e-9)
