"""A picture from overlapping patches: each pixel is the mean of what the patches around it say (Kwatra et al. 2005)."""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from .search import Search, style_of


def voted(search: Search, shares: Tensor, side: int) -> Tensor:
    """The picture 1×3×H×W that patches of `side` pixels make together.

    A patch that fits counts more. A style's patch says nothing where that style has no share (`shares`, K×H×W), so
    that nothing crosses a hard border.
    """
    height, width = search.size
    weight = torch.exp(-search.cost / (search.cost.median() + 1e-9)) + 1e-3
    total = weight.new_zeros(height * width, 3)
    mass = weight.new_zeros(height * width, 1)
    flat = shares.flatten(1)
    for field, w in _around(search, weight, side):
        if len(flat) > 1:
            w = w * flat.gather(0, style_of(search.atlas, field)[None])[0]
        total += search.atlas.colors[field] * w[:, None]
        mass += w[:, None]
    return (total / mass.clamp_min(1e-9)).t().reshape(1, 3, height, width)


def _around(search: Search, weight: Tensor, side: int) -> Iterator[tuple[Tensor, Tensor]]:
    """For each place of a pixel within a patch: what the patch that has it there shows, and the patch's weight."""
    r, (height, width), atlas = side // 2, search.size, search.atlas
    field = F.pad(search.field.view(1, 1, height, width).double(), (r,) * 4, mode="replicate")[0, 0].long()
    weights = F.pad(weight.view(1, 1, height, width), (r,) * 4)[0, 0]
    for down in range(-r, r + 1):
        for right in range(-r, r + 1):
            rows, columns = slice(r - down, r - down + height), slice(r - right, r - right + width)
            index = field[rows, columns] + (down * atlas.width + right)
            yield index.flatten().clamp(0, len(atlas.usable) - 1), weights[rows, columns].flatten()
