"""The loss of a Markov random field: each patch of features near one of the style's (Li & Wand 2016)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from ..features.encoder import Head
from .base import Seen
from .embedding import Embedding
from .patching import SIDE, around, unrolled

EVERY = 8  # steps from one matching to the next; the paper matches at each
DENSE = 16_384  # positions up to which a patch lies at each, and beyond at every other in both directions
BLOCK = 1024  # patches compared at a time: memory is BLOCK × the style's patches


@dataclass(frozen=True)
class Votes:
    """What patches want, summed up at each position: Σ wᵢ ‖Ψᵢ - target‖² = Σ mass ‖F - mean‖² + rest.

    A sum of squares around several wishes is one around their mean, plus how far they disagree, which does not depend
    on the picture: so a step costs no more than a content loss.
    """

    mean: Tensor  # [N, D]
    mass: Tensor  # [N]
    rest: Tensor


@dataclass
class PatchLoss:
    """Squared distance of patches of features to the style's nearest, by normalised correlation (equations 2 and 3).

    Unlike the paper's: matches last for `EVERY` steps, and are looked for among a sample of the style's patches, in one
    orientation and size. Several styles are each matched and count by their share; `strength` below 1 draws what is
    wanted towards the content's own features.
    """

    tap: str
    weight: Tensor  # [H, W] sums to 1
    embedding: Embedding
    styles: Sequence[tuple[float, Tensor]]  # share, patches [M, 9, D]
    own: Tensor  # [N, D]
    strength: float
    scale: float
    steps: int = 0
    name: str = "style"
    _votes: Votes | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        tap: str,
        styles: Sequence[tuple[float, Tensor]],
        own: Tensor,
        weight: Tensor,
        head: Head | None,
        strength: float = 1.0,
    ) -> PatchLoss:
        """The loss for patches (M×9×C) with shares that sum to 1, begun at features `own` (C×H×W) under `weight`."""
        embedding = Embedding.of(head, own)
        wide = [(share, embedding.columns(patches)) for share, patches in styles if share > 0]
        energy = sum(share * float(p.square().sum((1, 2)).mean()) for share, p in wide)
        w = weight / weight.sum().clamp_min(1e-8)
        return cls(tap, w, embedding, wide, embedding.rows(own), strength, 1 / max(energy, 1e-12))

    @property
    def taps(self) -> tuple[str]:
        """See `Loss`."""
        return (self.tap,)

    def __call__(self, seen: Seen) -> Tensor:
        """The loss, a scalar."""
        return self.of_map(seen.features[self.tap])

    def next_step(self) -> None:
        """Count a step; match anew when it is time."""
        self.steps += 1
        if self.steps % EVERY == 0:
            self._votes = None

    def matched(self) -> Sequence[Tensor]:
        """See `Matching`."""
        v = self._votes
        return () if v is None else (v.mean, v.mass, v.rest)

    def restore(self, matched: Sequence[Tensor]) -> None:
        """See `Matching`."""
        self._votes = Votes(*matched) if matched else None

    def of_map(self, features: Tensor) -> Tensor:
        """The loss of the tap's features C×H×W, a scalar."""
        wide = self.embedding.rows(features)
        if self._votes is None:
            self._votes = self._matched(wide.detach())
        d = wide - self._votes.mean
        return (self._votes.mass @ d.square().sum(1) + self._votes.rest) * self.scale

    @torch.no_grad()
    def _matched(self, wide: Tensor) -> Votes:
        """The votes of the style's nearest patches, for columns `wide` (N×D)."""
        size = (self.weight.shape[0], self.weight.shape[1])
        flat = self.weight.flatten()
        places = self._places(flat, size)
        share = flat[places] / flat[places].sum()
        nearest = [self._nearest(wide, places, size, patches) for _, patches in self.styles]
        index, within = around(places, size)
        total, mass, square = torch.zeros_like(wide), torch.zeros_like(flat), wide.new_zeros(())
        for k in range(SIDE**2):  # in each turn every position gets one vote at most: no order can change the sums
            here = within[:, k]
            at, w = index[here, k], share[here]
            mass[at] += w
            for (part, patches), found in zip(self.styles, nearest, strict=True):
                votes = patches[found[here], k]
                total[at] += (part * w)[:, None] * votes
                square = square + part * (w @ votes.square().sum(1))
        mean = total / mass.clamp_min(1e-12)[:, None]
        rest = (square - mass @ mean.square().sum(1)).clamp_min(0)
        return Votes(torch.lerp(self.own, mean, self.strength), mass, self.strength**2 * rest)

    @staticmethod
    def _places(flat: Tensor, size: tuple[int, int]) -> Tensor:
        """Centres of the picture's patches: wherever there is weight, or, on large maps, at every other position."""
        there = flat > 0
        if len(flat) > DENSE:
            sparse = torch.zeros(size, dtype=torch.bool, device=flat.device)
            sparse[::2, ::2] = True
            if bool((there & sparse.flatten()).any()):
                there = there & sparse.flatten()
        return torch.nonzero(there)[:, 0]

    @staticmethod
    def _nearest(wide: Tensor, places: Tensor, size: tuple[int, int], patches: Tensor) -> Tensor:
        """For each place the index of the patch with the largest normalised correlation (equation 3)."""
        unit = F.normalize(patches.flatten(1), dim=1).t()  # the length of the other side changes nothing
        found = [unrolled(wide, block, size).flatten(1).matmul(unit).argmax(1) for block in torch.split(places, BLOCK)]
        return torch.cat(found)
