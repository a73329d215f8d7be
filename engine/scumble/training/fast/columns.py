"""Paint by neighbours: every place of a painting is to look like one in the style's picture (Kolkin et al. 2022).

A column is what a judge sees at a place, at three of its levels. Gram matrices can be met by gratings; columns cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

MOST = 2000  # columns of a style: a random sample


@dataclass(frozen=True)
class Columns:
    """A style's columns M×D, centred, each level in its own unit, and of length 1; the centre and the units D."""

    rows: Tensor
    centre: Tensor
    unit: Tensor

    @classmethod
    def of(cls, turns: Sequence[Sequence[Tensor]], seed: int = 0) -> Columns:
        """From the maps 1×C×h×w of the style's picture at three levels, once for each way it is turned."""
        every = torch.cat([hypercolumns(maps)[0].float() for maps in turns])
        centre = every.mean(0)
        widths = [m.shape[1] for m in turns[0]]
        parts = zip(torch.split(every - centre, widths, 1), widths, strict=True)
        unit = torch.cat([p.square().mean().sqrt().expand(w) for p, w in parts]).clamp_min(1e-4)
        chosen = torch.randperm(len(every), generator=torch.Generator().manual_seed(seed))[:MOST]
        return cls(F.normalize((every[chosen] - centre) / unit, dim=1), centre, unit)

    def mixed(self, other: Columns, share: float) -> Columns:
        """With a share of another style's columns among them."""
        count = round(len(self.rows) * share)
        rows = torch.cat([self.rows[: len(self.rows) - count], other.rows[:count]])
        return Columns(rows, torch.lerp(self.centre, other.centre, share), torch.lerp(self.unit, other.unit, share))

    def distance(self, columns: Tensor) -> Tensor:
        """1 - cosine of each of `columns` (P×D) to the nearest of the style's, in the mean."""
        own = F.normalize((columns.float() - self.centre) / self.unit, dim=1)
        with torch.no_grad():  # searched in the maps' precision; argmax takes twice as long
            nearest = (own.to(columns.dtype) @ self.rows.to(columns.dtype).t()).max(1).indices
        return 1 - (own * self.rows[nearest]).sum(1).mean()


def hypercolumns(maps: Sequence[Tensor]) -> Tensor:
    """Maps N×C×h×w at three levels, each half as large as the last, as columns N×P×D at the middle one's places."""
    fine, middle, coarse = maps
    size = middle.shape[-2:]
    levels = [F.interpolate(fine, size, mode="area"), middle, F.interpolate(coarse, size, mode="nearest")]
    return torch.cat(levels, 1).flatten(2).transpose(1, 2)
