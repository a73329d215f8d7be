"""One scale of the draft, ready for its steps: what each place is drawn to, and what keeps it like the content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ....features.encoder import Encoder
from ....losses.columns import GRID, LAST_SHALLOW, TAPS, Parts, columns_of
from ....styles.source import resized
from ...problem import Amount
from ...texture.views import Paint, solid_places, windows_of
from ..course import STEP, Stage
from .columns import mean_cosine, mixed, normalised, picked, unit_columns
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
    How far: `strength` 0 … 1 from the content's own columns to the styles'; `similarity` is the content term's weight
    relative to `SIMILARITY`.
    """

    content: Tensor
    model: Tensor
    shares: Tensor
    paints: Sequence[Paint]
    strength: Amount = 1.0
    similarity: Amount = 1.0


@dataclass(frozen=True)
class Pull:
    """How: the rate of Adam, the seed of every choice, the taps that are looked at; `similarity` is a factor of the
    subject's."""

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
    strength: Amount  # 0 … 1; N×1 where it differs
    similarity: SelfSimilarity | None
    kept: float  # the weight of that
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
        strength, kept = _at_places(subject.strength, places), _at_places(subject.similarity, places)
        own = []
        if isinstance(strength, Tensor) or strength != 1:
            own = unit_columns(columns_in_strips(encoder, content, pull.taps), mean, gains)
        deep = pull.taps[pull.shallow :]
        similarity = None
        each, whole = (kept, 1.0) if isinstance(kept, Tensor) else (None, kept)
        if whole and deep:
            model = resized(subject.model, (stage.height, stage.width))
            similarity = SelfSimilarity(columns_of(encoder, model, deep), pull.seed, each)
        return cls(encoder, gains, styles, shares, weight, mean, own, strength, similarity, whole, pull)

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
        if self.own:
            far = self.strength.to(self.own[0]) if isinstance(self.strength, Tensor) else self.strength
            wanted = [torch.lerp(o, w, far) for o, w in zip(self.own, wanted, strict=True)]
        return wanted if len(self.styles) == 1 and not self.own else normalised(wanted)

    def fall(self, picture: Tensor, target: Parts) -> float:
        """The loss of `picture`, whose derivative is put where the picture came from."""
        leaf = picture.detach().requires_grad_(True)
        total = 0.0
        for strip in strips_of(picture, self.pull.taps):
            loss = self._loss(leaf, target, strip)
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        assert leaf.grad is not None
        # Not `picture.backward(leaf.grad)`: that loads a second's worth of torch's compiler (sympy) in a new process.
        (picture * leaf.grad).sum().backward()  # type: ignore[no-untyped-call]
        return total

    def _loss(self, picture: Tensor, target: Parts, strip: Strip) -> Tensor:
        """One minus the mean cosine to `target`, where there is a style; and the content's self-similarity."""
        parts = columns_of(self.encoder, picture[..., strip.pixels, :], self.pull.taps)
        inside, here = [p[strip.inside] for p in parts], strip.places
        weight, wanted = self.weight[here], [t[here] for t in target]
        mean = [m[here] if len(m) > 1 else m for m in self.mean]
        loss = weight.sum() - mean_cosine(weight, wanted, mean, self.gains, inside)
        if self.similarity is not None:
            loss = loss + SIMILARITY * self.pull.similarity * self.kept * self.similarity(parts[self.pull.shallow :])
        return loss


def _at_places(amount: Amount, places: tuple[int, int]) -> Amount:
    """An amount at each place, N×1; where it is the same everywhere, that."""
    if not isinstance(amount, Tensor):
        return amount
    return F.interpolate(amount, size=places, mode="area").view(-1, 1)


def _seen(paint: Paint, turns: Sequence[int], encoder: Encoder, pull: Pull, seed: int) -> Parts:
    """A bounded sample of the columns of a style's views."""
    found = []
    views = [window.view(step=STEP) for window in windows_of(paint, turns, MOST_SIDE, seed)]
    for view, places in zip(views, solid_places(views, GRID), strict=True):
        parts = picked(columns_of(encoder, view.pixels, pull.taps), places)
        found.append(sampled(parts, MOST_COLUMNS // len(turns), seed))
    return [torch.cat(p) for p in zip(*found, strict=True)]
