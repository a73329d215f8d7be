"""One scale of the draft, ready to be descended on: what each place of the picture is drawn to, and what holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ....features.encoder import Encoder
from ....styles.source import resized
from ..course import STEP, Stage
from ..views import Paint, solid_places, windows_of
from .columns import (
    GRID,
    LAST_SHALLOW,
    TAPS,
    Parts,
    columns_of,
    mean_cosine,
    mixed,
    normalised,
    picked,
    unit_columns,
)
from .matching import Neighbours, gains_of, sampled
from .similarity import SelfSimilarity
from .strips import Strip, columns_in_strips, strips_of

SIMILARITY = 0.6  # weight of the self-similarity term
ORIENTATIONS = (0, 1, 2, 3)
FEW = 3  # styles that are looked at in each orientation; more in half of them
MOST_COLUMNS = 8000  # of a style at a scale
MOST_SIDE = 320  # pixels of a style's view; each orientation shows another part


@dataclass(frozen=True)
class Subject:
    """What is painted: the content 1×3×H×W in the styles' colours, the styles' shares K×H×W, their paints.

    Places whose shares add up to 0 are left as they are. `model` is the content as it was: what must be recognised.
    """

    content: Tensor
    model: Tensor
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
    own: Parts  # unit columns: the content's; none at full strength
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
        mean = mixed([s.mean for s in styles], shares, encoder.dtype)
        own = [] if pull.strength == 1 else unit_columns(columns_in_strips(encoder, content, pull.taps), mean, gains)
        deep = pull.taps[pull.shallow :]
        similarity = None
        if pull.similarity and deep:
            model = resized(subject.model, (stage.height, stage.width))
            similarity = SelfSimilarity(columns_of(encoder, model, deep), pull.seed)
        return cls(encoder, gains, styles, shares, weight, mean, own, similarity, pull)

    @torch.no_grad()
    def target(self, picture: Tensor) -> Parts:
        """Unit columns that `picture` is drawn to, in parts."""
        asked = columns_in_strips(self.encoder, picture, self.pull.taps)
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
        return wanted if len(self.styles) == 1 and self.pull.strength == 1 else normalised(wanted)

    def fall(self, picture: Tensor, target: Parts) -> float:
        """The loss of `picture`, whose derivative is put where the picture came from."""
        leaf = picture.detach().requires_grad_(True)
        total = 0.0
        for strip in strips_of(picture, self.pull.taps):
            loss = self._loss(leaf, target, strip)
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        picture.backward(leaf.grad)  # type: ignore[no-untyped-call]
        return total

    def _loss(self, picture: Tensor, target: Parts, strip: Strip) -> Tensor:
        """One minus the mean cosine to `target`, where there is a style; and the content's self-similarity."""
        parts = columns_of(self.encoder, picture[..., strip.pixels, :], self.pull.taps)
        inside, here = [p[strip.inside] for p in parts], strip.places
        weight, wanted = self.weight[here], [t[here] for t in target]
        mean = [m[here] if len(m) > 1 else m for m in self.mean]
        loss = weight.sum() - mean_cosine(weight, wanted, mean, self.gains, inside)
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
