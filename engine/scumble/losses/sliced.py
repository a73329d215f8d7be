"""The sliced Wasserstein distance of feature columns (Heitz et al. 2021)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ..features.encoder import Head
from .base import Seen
from .embedding import Embedding
from .moments import rows

# Heitz et al. draw as many directions as there are channels and sort every column: most of a step's time. Fewer of
# both, drawn anew at each step, have the same mean.
MOST_DIRECTIONS, LEAST_DIRECTIONS = 32, 8
MOST_COLUMNS = 65_536
MOST_VALUES = 524_288  # columns × directions, where that leaves the least


def drawn(weight: Tensor, most: int, seed: int) -> Tensor:
    """Indices of at most `most` of N columns, each as often as its `weight` (N, ≥ 0) says (stratified resampling).

    With equal weights and enough room, each index once.
    """
    count = min(most, int((weight > 0).sum()))
    jitter = torch.rand(count, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    up_to = weight.cpu().double().cumsum(0)
    at = (torch.arange(count) + jitter.clamp(1e-6, 1 - 1e-6)) / count * up_to[-1]
    return torch.searchsorted(up_to, at, right=True).clamp_max(len(weight) - 1).to(weight.device)


def quantiles(values: Tensor, levels: Tensor) -> Tensor:
    """The values at `levels` (P×N in [0, 1]) of the samples in each row of `values` (P×M), linear between them."""
    ordered = values.sort(1).values
    last = ordered.shape[1] - 1
    at = (levels * ordered.shape[1] - 0.5).clamp(0, last)
    below = at.floor().long()
    return torch.lerp(ordered.gather(1, below), ordered.gather(1, (below + 1).clamp_max(last)), at - below)


def unit_directions(dimensions: int, columns: int, generator: torch.Generator) -> Tensor:
    """Random unit vectors D×P: the more, the fewer `columns` there are to be sorted along each."""
    count = min(MOST_DIRECTIONS, max(LEAST_DIRECTIONS, MOST_VALUES // max(1, columns)))
    directions = torch.randn(dimensions, count, generator=generator)
    return F.normalize(directions, dim=0)


@dataclass
class SlicedLoss:
    """Mean over directions of the squared distance between sorted projections (Heitz et al. 2021, equations 4 ff.).

    Columns count by weights: a value stands at the level that the weights of all below it give, and is compared with
    the quantile of the style's there, so that masks may be soft and counts may differ. Of several targets (share,
    columns) the quantiles are averaged: between the content's own and the style's lies the way of least transport.
    """

    tap: str
    places: Tensor  # [N] positions that count
    weight: Tensor  # [N] sums to 1
    embedding: Embedding
    targets: Sequence[tuple[float, Tensor]]  # columns [M, D]
    scale: float
    seed: int
    steps: int = 0
    name: str = "style"

    @classmethod
    def of(
        cls, tap: str, targets: Sequence[tuple[float, Tensor]], weight: Tensor, head: Head | None, seed: int
    ) -> SlicedLoss:
        """The loss for columns (M×C) with shares that sum to 1, under `weight` (H×W, ≥ 0)."""
        embedding = Embedding.of(head, targets[0][1].t())
        wide = [(share, embedding.columns(columns)) for share, columns in targets if share > 0]
        flat = weight.flatten()
        places = torch.nonzero(flat > 0)[:, 0]
        energy = sum(share * float(columns.square().sum(1).mean()) for share, columns in wide)
        share = flat[places] / flat.sum().clamp_min(1e-8)
        return cls(tap, places, share, embedding, wide, 1 / max(energy, 1e-12), seed)

    @property
    def taps(self) -> tuple[str]:
        """See `Loss`."""
        return (self.tap,)

    def __call__(self, seen: Seen) -> Tensor:
        """The loss, a scalar."""
        return self.of_map(seen.features[self.tap])

    def next_step(self) -> None:
        """Draw other directions from here on."""
        self.steps += 1

    def of_map(self, features: Tensor) -> Tensor:
        """The loss of the tap's features C×H×W, a scalar."""
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + self.steps)
        columns, weight = rows(features)[self.places], self.weight
        if len(columns) > MOST_COLUMNS:
            some = torch.randperm(len(columns), generator=generator)[:MOST_COLUMNS].to(columns.device)
            columns, weight = columns[some], weight[some] / weight[some].sum().clamp_min(1e-8)
        wide = self.embedding.columns(columns)
        directions = unit_directions(wide.shape[1], len(wide), generator).to(wide.device)
        values, order = (wide @ directions).t().sort(1)
        mass = weight[order]
        levels = mass.cumsum(1) - mass / 2
        with torch.no_grad():
            wanted = [share * quantiles((c @ directions).t(), levels) for share, c in self.targets]
            target = torch.stack(wanted).sum(0)
        # Times D: the mean over directions is then the energy of the difference, as in the other losses.
        return (mass * (values - target).square()).sum(1).mean() * wide.shape[1] * self.scale
