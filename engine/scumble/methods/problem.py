"""What a method is given to paint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..styles.source import StyleSource
from ..wire.protocol.notes import Note
from .regions import Regions

Amount = float | Tensor  # the same everywhere, or 1×1×H×W
LEAST_SHARE = 1e-6


@dataclass(frozen=True)
class PaintedStyle:
    """A style with its stroke size relative to the canvas; `strength` and `content_weight` are of the whole's."""

    source: StyleSource
    stroke_size: float
    strength: float = 1.0
    content_weight: float = 1.0


@dataclass(frozen=True)
class Problem:
    """What to paint: the content 1×3×H×W in [0, 1], where (regions), with which styles.

    `canvas_side` is the long side of the whole canvas in the content's pixels: the measure of stroke sizes.
    `spared` (1×1×H×W in [0, 1]) says where less is to be painted than that; nowhere, as a rule.
    """

    content: Tensor
    regions: Regions
    styles: Sequence[PaintedStyle]
    canvas_side: float
    spared: Tensor | None = None

    def strength(self, whole: float) -> Amount:
        """How far to go from the content at each pixel, where the request says `whole`."""
        far = self._mixed([s.strength for s in self.styles], whole)
        return far if self.spared is None else far * (1 - self.spared)

    def content_weight(self, whole: float) -> Amount:
        """The content's weight at each pixel, where the request says `whole`."""
        return self._mixed([s.content_weight for s in self.styles], whole)

    def _mixed(self, own: Sequence[float], whole: float) -> Amount:
        if len(set(own)) <= 1:
            return whole * own[0] if own else whole
        shares = self.regions.shares
        mixed = torch.einsum("k,khw->hw", shares.new_tensor(own), shares)
        return whole * (mixed / shares.sum(0).clamp_min(LEAST_SHARE))[None, None]


def no_picture_notes(names: Sequence[str]) -> tuple[Note, ...]:
    """The note of a method that needs pictures, on the styles `names`, which have none."""
    return (Note("style-no-picture", {"names": list(names)}),) if names else ()
