"""How a painting is judged while a fast network learns: by its pair or its content, and by Gram matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from ...features.encoder import Encoder
from ...features.slim import HEAD_WIDTHS
from ...losses import moments
from .columns import Columns, hypercolumns
from .spectrum import powers

TAPS = tuple(HEAD_WIDTHS)
RIM = 16  # pixels of a crop that are not judged: there the convolutions' zeros are seen
WEIGHTS = {
    "style": 4.0, "paint": 1.5, "near": 3.0, "colors": 0.5, "content": 0.08, "waves": 0.5, "lattice": 3.0,
    "bounds": 5.0,
}  # fmt: skip
PARTS = 2  # of a crop each way whose Gram matrices are judged by themselves: all of it is to be painted, flat or not
ALONE = 0.4  # how much Gram matrices count where there is no pair, and marks that repeat would meet them
COLORS = 8  # pixels within which colours may move

Maps = Mapping[str, Tensor]


class Judge(Protocol):
    """A perceptual network: at `near` a painting is compared with its pair, at `kept` with its content; the neighbours
    of what it sees at `places` are looked for."""

    near: tuple[str, ...]
    places: tuple[str, str, str]
    kept: str

    def maps(self, x: Tensor) -> Maps:
        """The maps N×C×h×w of pictures N×3×H×W in [0, 1], by level."""

    def grams(self, maps: Maps) -> list[Tensor]:
        """Gram matrices N×C×C by level."""


class SlimJudge:
    """*slim*, which ships: what styles of a user's own are learned by. See `Judge`."""

    near: tuple[str, ...] = TAPS[2:4]  # what is finer is the paint's own, and no pair tells where it lies
    places = (TAPS[1], TAPS[2], TAPS[3])
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
    contents elsewhere; with the Gram matrices `grams`, N×C×C by level, and like the styles' columns. `waves` N×3×K are
    the styles' powers. A pair has Gram matrices and powers of its own: a style's strongest strokes are not everywhere,
    and where none belongs its statistics are met by marks that repeat."""

    pictures: Tensor
    paired: Tensor
    grams: Sequence[Tensor]
    columns: Sequence[Columns]
    waves: Tensor


def judged(judge: Judge, painted: Tensor, wanted: Wanted) -> tuple[Tensor, dict[str, float]]:
    """The mean loss of N paintings N×3×H×W and its terms by name; a rim of `RIM` pixels is left out."""
    y, aims = (t[..., RIM:-RIM, RIM:-RIM] for t in (painted, wanted.pictures))
    maps = judge.maps(y)
    with torch.no_grad():
        theirs = judge.maps(aims)
        own = wanted.paired[:, None, None]
        waves = torch.where(own, powers(aims), wanted.waves)
        grams = [torch.where(own, g, w) for g, w in zip(judge.grams(theirs), wanted.grams, strict=True)]
    parts = {k: _parts(m) for k, m in maps.items()}
    sure = torch.where(wanted.paired, 1.0, ALONE).repeat(PARTS**2)
    styles = [_relative(g, w.repeat(PARTS**2, 1, 1), sure) for g, w in zip(judge.grams(parts), grams, strict=True)]
    near = {
        k: calm((maps[k].float() - theirs[k].float()).square().mean((1, 2, 3)) / _spread(theirs[k])) for k in judge.near
    }
    places = hypercolumns([maps[k] for k in judge.places])
    terms = {
        "style": torch.stack(styles).mean(),
        "paint": torch.stack([c.distance(rows) for c, rows in zip(wanted.columns, places, strict=True)]).mean(),
        "near": (torch.stack(list(near.values())).mean(0) * wanted.paired).mean(),
        "content": (near[judge.kept] * ~wanted.paired).mean(),
        "colors": (F.avg_pool2d(y, COLORS) - F.avg_pool2d(aims, COLORS)).abs().mean(),
        "waves": calm((powers(y) - waves).square().mean((1, 2))).mean(),
        "lattice": lattice(y),
        "bounds": ((-y).relu() + (y - 1).relu()).square().mean(),
    }
    total = torch.stack([WEIGHTS[k] * v for k, v in terms.items()]).sum()
    return total, {k: float(v.detach()) for k, v in terms.items()}


def _parts(maps: Tensor) -> Tensor:
    """Maps N×C×h×w in `PARTS`² parts each; whole where they are too small for it."""
    if min(maps.shape[-2:]) < 8 * PARTS:
        return maps.repeat(PARTS**2, 1, 1, 1)
    height, width = (e // PARTS * PARTS for e in maps.shape[-2:])
    return torch.cat([p for rows in maps[..., :height, :width].chunk(PARTS, 2) for p in rows.chunk(PARTS, 3)])


def _relative(gram: Tensor, wanted: Tensor, weight: Tensor) -> Tensor:
    apart = (gram - wanted).square().sum((1, 2)) / wanted.square().sum((1, 2)).clamp_min(1e-8)
    return (weight * calm(apart)).mean()


def calm(distances: Tensor, usual: float = 10.0) -> Tensor:
    """Small distances as they are, large ones by their logarithm: else a code whose picture has failed would be all
    that a batch learns from."""
    return usual * torch.log1p(distances / usual)


def _spread(maps: Tensor) -> Tensor:
    return maps.float().var((1, 2, 3)).clamp_min(1e-3)


def lattice(painted: Tensor, period: int = 4, window: int = 8) -> Tensor:
    """The share of a painting's fine energy that repeats with the network's stride: the weave.

    The denominator carries no gradient, or else noise would be a way to lessen the share.
    """
    painted = painted.contiguous()  # pooled four times as fast as channels_last
    fine = painted - F.avg_pool2d(F.pad(painted, (2, 2, 2, 2), mode="reflect"), 5, 1)
    height, width = (e // period * period for e in fine.shape[-2:])
    phases = F.pixel_unshuffle(fine[..., :height, :width], period)
    if min(phases.shape[-2:]) < window:
        return painted.sum() * 0  # too small to show it
    means = F.avg_pool2d(phases, window, window // 2).view(len(painted), painted.shape[1], period**2, -1)
    repeated = (means - means.mean(2, keepdim=True)).square().mean()
    return repeated / fine.detach().square().mean().clamp_min(1e-6)
