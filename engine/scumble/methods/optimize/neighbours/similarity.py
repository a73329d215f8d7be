"""What keeps a scene: which places look alike and which differ (STROTSS, Kolkin et al. 2019, section 3.2)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ....losses.columns import Parts
from .columns import picked

PLACES = 640  # compared with each other in a step
MOST_PLACES = 4096  # that are kept of the content


class SelfSimilarity:
    """The content's deep columns (in parts), and how far a picture's distances among its own columns are from theirs.
    `weight` (N×1) says how much a place counts, 1 as a rule.

    The loss sees no colours and no textures, only relations; so a face keeps its features while its skin turns to
    paint. Other places are drawn each time, by a seed.
    """

    def __init__(self, parts: Parts, seed: int, weight: Tensor | None = None) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self.mean, count, device = _mean(parts), len(parts[0]), parts[0].device
        few = count <= MOST_PLACES
        self.places = torch.arange(count) if few else torch.randperm(count, generator=self.generator)[:MOST_PLACES]
        self.places = self.places.to(device)
        self.content = parts if few else picked(parts, self.places)
        self.weight = None if weight is None else weight[self.places, 0]

    def __call__(self, parts: Parts) -> Tensor:
        """The mean distance of the two matrices' rows, each of which sums to 1."""
        some = torch.randperm(len(self.places), generator=self.generator)[:PLACES].to(self.places.device)
        mine = _distances(picked(parts, self.places[some]), _mean([p.detach() for p in parts]))
        with torch.no_grad():
            theirs = _distances(picked(self.content, some), self.mean)
        apart = (mine - theirs).abs().sum(1)
        return (apart if self.weight is None else apart * self.weight[some]).mean()


def _mean(parts: Parts) -> Tensor:
    return torch.cat([p.float().mean(0) for p in parts])


def _distances(parts: Parts, mean: Tensor) -> Tensor:
    """Cosine distances among centred columns, each row over its sum."""
    unit = F.normalize(torch.cat(parts, 1).float() - mean, dim=1)
    d = 1 - unit @ unit.t()
    return d / d.sum(1, keepdim=True).clamp_min(1e-6)
