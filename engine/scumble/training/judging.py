"""How a painting is judged while a fast network learns: by its pair or its content, and by Gram matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from ..features.encoder import Encoder
from ..losses import moments
from ..networks.predictor import TAPS
from .columns import Columns, hypercolumns

RIM = 16  # pixels of a crop that are not judged: there the convolutions' zeros are seen
WEIGHTS = {
    "style": 1.0, "paint": 1.0, "near": 0.5, "colors": 2.0, "content": 0.08, "lattice": 0.5, "bounds": 5.0,
}  # fmt: skip

Maps = Mapping[str, Tensor]


class Judge(Protocol):
    """A perceptual network: at `near` a painting is compared with its pair, at `kept` with its content."""

    near: tuple[str, ...]
    kept: str

    def maps(self, x: Tensor) -> Maps:
        """The maps N×C×h×w of pictures N×3×H×W in [0, 1], by level."""

    def grams(self, maps: Maps) -> list[Tensor]:
        """Gram matrices N×C×C by level."""


class SlimJudge:
    """*slim*, which ships: what styles of a user's own are learned by. See `Judge`."""

    near: tuple[str, ...] = TAPS[:4]
    kept = TAPS[2]

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def maps(self, x: Tensor) -> Maps:
        """See `Judge`."""
        found: dict[str, Tensor] = self.encoder(x, TAPS)
        return found

    def grams(self, maps: Maps) -> list[Tensor]:
        """See `Judge`."""
        return self.grams_of({t: torch.stack([moments(m, m.new_ones(m.shape[-2:])) for m in maps[t]]) for t in TAPS})

    def grams_of(self, known: Mapping[str, Tensor]) -> list[Tensor]:
        """Gram matrices of the heads' outputs from the moments (…×(C+1)×(C+1)) by tap."""
        found = []
        for tap in TAPS:
            head = self.encoder.head(tap)
            if head is None:
                found.append(known[tap][..., :-1, :-1].float())
                continue
            a = torch.cat([head.weight, head.bias[:, None]], 1).detach().float()
            found.append(a @ known[tap].float() @ a.t())
        return found


@dataclass(frozen=True)
class Wanted:
    """What N paintings are to be: like `pictures` N×3×H×W, which are their pairs where `paired` (N) says so and their
    contents elsewhere; with the Gram matrices `grams`, N×C×C by level, and like the styles' columns."""

    pictures: Tensor
    paired: Tensor
    grams: Sequence[Tensor]
    columns: Sequence[Columns]


def judged(judge: Judge, painted: Tensor, wanted: Wanted) -> tuple[Tensor, dict[str, float]]:
    """The mean loss of N paintings N×3×H×W and its terms by name; a rim of `RIM` pixels is left out."""
    y, aims = (t[..., RIM:-RIM, RIM:-RIM] for t in (painted, wanted.pictures))
    maps = judge.maps(y)
    with torch.no_grad():
        theirs = judge.maps(aims)
    styles = [_relative(g, w) for g, w in zip(judge.grams(maps), wanted.grams, strict=True)]
    near = {k: (maps[k].float() - theirs[k].float()).square().mean((1, 2, 3)) / _spread(theirs[k]) for k in judge.near}
    places = hypercolumns([maps[k] for k in judge.near[1:]])
    terms = {
        "style": torch.stack(styles).mean(),
        "paint": torch.stack([c.distance(rows) for c, rows in zip(wanted.columns, places, strict=True)]).mean(),
        "near": (torch.stack(list(near.values())).mean(0) * wanted.paired).mean(),
        "content": (near[judge.kept] * ~wanted.paired).mean(),
        "colors": (F.avg_pool2d(y, 4) - F.avg_pool2d(aims, 4)).abs().mean(),
        "lattice": lattice(y),
        "bounds": ((-y).relu() + (y - 1).relu()).square().mean(),
    }
    total = torch.stack([WEIGHTS[k] * v for k, v in terms.items()]).sum()
    return total, {k: float(v.detach()) for k, v in terms.items()}


def _relative(gram: Tensor, wanted: Tensor) -> Tensor:
    return ((gram - wanted).square().sum((1, 2)) / wanted.square().sum((1, 2)).clamp_min(1e-8)).mean()


def _spread(maps: Tensor) -> Tensor:
    return maps.float().var((1, 2, 3)).clamp_min(1e-3)


def lattice(painted: Tensor, period: int = 4, window: int = 8) -> Tensor:
    """The share of a painting's fine energy that repeats with the network's stride: the weave.

    The denominator carries no gradient, or else noise would be a way to lessen the share.
    """
    fine = painted - F.avg_pool2d(F.pad(painted, (2, 2, 2, 2), mode="reflect"), 5, 1)
    height, width = (e // period * period for e in fine.shape[-2:])
    phases = F.pixel_unshuffle(fine[..., :height, :width], period)
    if min(phases.shape[-2:]) < window:
        return painted.sum() * 0  # too small to show it
    means = F.avg_pool2d(phases, window, window // 2).view(len(painted), painted.shape[1], period**2, -1)
    repeated = (means - means.mean(2, keepdim=True)).square().mean()
    return repeated / fine.detach().square().mean().clamp_min(1e-6)
