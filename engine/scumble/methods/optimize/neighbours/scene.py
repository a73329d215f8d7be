"""One scale of the draft, ready to be descended on: what each place of the picture is drawn to, and what holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ....features.encoder import Encoder
from ..views import Paint, solid_places, windows_of
from .columns import GRID, LAST_SHALLOW, STEP, TAPS, Parts, columns_of, mean_cosine, picked
from .matching import Neighbours, gains_of, sampled
from .similarity import SelfSimilarity

SIMILARITY = 0.4  # weight of the self-similarity term
ORIENTATIONS = (0, 1, 2, 3)
FEW = 3  # styles that are looked at in each orientation; more in half of them
MOST_COLUMNS = 8000  # of a style at a scale
MOST_SIDE = 512  # pixels of a style's view


@dataclass(frozen=True)
class Stage:
    """One scale of the draft: its size in pixels (multiples of `STEP`) and its steps."""

    height: int
    width: int
    steps: int


@dataclass(frozen=True)
class Subject:
    """What is painted: the content 1×3×H×W in the styles' colours, the styles' shares K×H×W, their paints.

    Places whose shares add up to 0 are left as they are.
    """

    content: Tensor
    shares: Tensor
    paints: Sequence[Paint]


@dataclass(frozen=True)
class Pull:
    """How strongly: `strength` 0 … 1 from the content's own columns to the styles', `similarity` the content term's
    weight relative to `SIMILARITY`, the rate of Adam, the seed of every choice, the taps that are looked at."""

    strength: float = 1.0
    similarity: float = 1.0
    rate: float = 0.01
    seed: int = 0
    taps: tuple[str, ...] = TAPS

    @property
    def shallow(self) -> int:
        """How many of the taps tell how something is painted; those after them, what is where."""
        return sum(tap <= LAST_SHALLOW for tap in self.taps)


@dataclass(frozen=True)
class Scene:
    """One scale, ready: the styles' neighbours, their shares at each place (K×N), and the content's columns."""

    encoder: Encoder
    gains: Sequence[float]
    styles: Sequence[Neighbours]
    shares: Tensor
    weight: Tensor  # [N] of each place in the loss, sums to 1
    mean: Parts  # what columns are centred by at each place
    own: Parts  # unit columns: the content's
    similarity: SelfSimilarity | None
    pull: Pull

    @classmethod
    @torch.no_grad()
    def of(cls, subject: Subject, stage: Stage, content: Tensor, encoder: Encoder, pull: Pull) -> Scene:
        """The scene of `content`, which is the subject's at the stage's size."""
        ratio = max(stage.height, stage.width) / max(subject.content.shape[-2:])
        turns = ORIENTATIONS if len(subject.paints) <= FEW else ORIENTATIONS[::2]
        seen = [_seen(p.scaled(ratio), turns, encoder, pull, pull.seed + i) for i, p in enumerate(subject.paints)]
        gains = gains_of(seen[0])
        styles = [Neighbours(parts, gains) for parts in seen]
        places = (stage.height // GRID, stage.width // GRID)
        shares = F.interpolate(subject.shares[None], size=places, mode="area")[0].flatten(1)  # [K, N]
        weight = shares.sum(0) / shares.sum().clamp_min(1e-6)
        own = columns_of(encoder, content, pull.taps)
        mean = _mixed([s.mean for s in styles], shares, own[0].dtype)
        deep = own[pull.shallow :]
        similarity = SelfSimilarity(deep, pull.seed) if pull.similarity and deep else None
        return cls(encoder, gains, styles, shares, weight, mean, _unit(own, mean, gains), similarity, pull)

    @torch.no_grad()
    def target(self, picture: Tensor) -> Parts:
        """Unit columns that `picture` is drawn to, in parts."""
        asked = columns_of(self.encoder, picture, self.pull.taps)
        wanted = [torch.zeros_like(q) for q in asked]
        for style, share in zip(self.styles, self.shares, strict=True):
            there = torch.nonzero(share > 0)[:, 0]
            if not len(there):
                continue
            nearest = style.nearest(picked(asked, there))
            alone = len(there) == len(share) and len(self.styles) == 1
            for part, unit in zip(wanted, style.unit, strict=True):
                found = unit[nearest] * share[there, None].to(unit.dtype)
                part.copy_(found) if alone else part.index_add_(0, there, found)
        if self.pull.strength < 1:
            wanted = [torch.lerp(o, w, self.pull.strength) for o, w in zip(self.own, wanted, strict=True)]
        return wanted if len(self.styles) == 1 and self.pull.strength == 1 else _normalised(wanted)

    def loss(self, picture: Tensor, target: Parts) -> Tensor:
        """One minus the mean cosine to `target`, where there is a style; and the content's self-similarity."""
        parts = columns_of(self.encoder, picture, self.pull.taps)
        loss = 1 - mean_cosine(self.weight, target, self.mean, self.gains, parts)
        if self.similarity is not None:
            loss = loss + SIMILARITY * self.pull.similarity * self.similarity(parts[self.pull.shallow :])
        return loss


def _seen(paint: Paint, turns: Sequence[int], encoder: Encoder, pull: Pull, seed: int) -> Parts:
    """A bounded sample of the columns of a style's views."""
    found = []
    for window in windows_of(paint, turns, MOST_SIDE, seed):
        view = window.view(step=STEP)
        places = torch.nonzero(solid_places(view, GRID))[:, 0]
        parts = picked(columns_of(encoder, view.pixels, pull.taps), places)
        found.append(sampled(parts, MOST_COLUMNS // len(turns), seed))
    return [torch.cat(p) for p in zip(*found, strict=True)]


def _mixed(means: Sequence[Parts], shares: Tensor, dtype: torch.dtype) -> Parts:
    """The styles' means mixed by their shares at each place."""
    if len(means) == 1:
        return [m.to(dtype) for m in means[0]]
    total = shares / shares.sum(0).clamp_min(1e-6)
    return [(total.t() @ torch.cat(part)).to(dtype) for part in zip(*means, strict=True)]


def _unit(parts: Parts, mean: Parts, gains: Sequence[float]) -> Parts:
    return _normalised([torch.add(-m, q, alpha=g) for q, m, g in zip(parts, mean, gains, strict=True)])


def _normalised(parts: Parts) -> Parts:
    """Columns of length 1."""
    square = torch.stack([p.float().square().sum(1) for p in parts]).sum(0)
    length = square.sqrt().clamp_min(1e-6)[:, None]
    return [(p / length).to(p.dtype) for p in parts]
