"""Paint: whether each place of a picture looks like some place of a painting.

Nearest columns of features as in Li & Wand 2016 (CNNMRF), centred by the painting's mean as in Mechrez et al. 2018: one
half of the relaxed earth mover's distance of Kolkin et al. 2019 (STROTSS). Gram losses (Gatys et al. 2016) compare sums
over the whole picture, and reward what has a painting's sums and looks like none of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

KNOWN, ASKED = 16000, 1 << 15  # columns at most; more say the same and take longer
BLOCK = 2000


@dataclass(frozen=True)
class Paint:
    """The columns of a painting: their mean (C) and, centred and of length 1, those in four rotations (N×C)."""

    mean: Tensor
    known: Tensor

    @classmethod
    def of(cls, turns: list[tuple[Tensor, Tensor]]) -> Paint:
        """From the features C×h×w of the painting turned by 0°, 90° …, the first upright, with their weights h×w."""
        found = [columns(features, weight) for features, weight in turns]
        mean = found[0].mean(0)
        return cls(mean, _some(torch.cat([F.normalize(f - mean, dim=1) for f in found]), KNOWN))

    @torch.no_grad()
    def distance(self, features: Tensor, weight: Tensor) -> float:
        """The mean over `features` (C×h×w, where `weight` h×w counts) of 1 - cosine to the nearest column; 0 to 2."""
        asked = F.normalize(_some(columns(features, weight), ASKED) - self.mean, dim=1)
        nearest = [(block @ self.known.t()).max(1)[0] for block in torch.split(asked, BLOCK)]
        return float(1 - torch.cat(nearest).mean())


def columns(features: Tensor, weight: Tensor) -> Tensor:
    """The columns N×C of features C×h×w where `weight` (h×w) is at least half of its largest."""
    counts = (weight >= weight.max() / 2).flatten()
    return features.flatten(1).t()[counts].float()


def _some(rows: Tensor, most: int) -> Tensor:
    """At most so many rows, drawn by lot; the same each time."""
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(0))
    return rows[order[:most]]
