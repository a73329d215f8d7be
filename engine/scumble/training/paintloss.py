"""What a transformation network is trained on: the losses of Johnson et al. 2016 under *slim*, in relative units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..features.encoder import Encoder
from ..losses import UNITS, ContentLoss, GramLoss, moments, total_variation
from ..networks.predictor import TAPS

CONTENT_TAP = "conv4_2"
UNIT = UNITS["relative"]


@dataclass(frozen=True)
class Weights:
    """The balance of the terms; `pixels` holds the identity, `bounds` what leaves [0, 1]."""

    content: float = 0.6
    style: float = 1.0
    tv: float = 1.0
    pixels: float = 10.0
    bounds: float = 10.0


@dataclass(frozen=True)
class Wanted:
    """One picture's style target: moments by tap, and how far to go to them from the content's own (0 … 1)."""

    moments: dict[str, Tensor]
    strength: float


def paint_loss(
    encoder: Encoder, content: Tensor, painted: Tensor, wanted: Sequence[Wanted], weights: Weights
) -> tuple[Tensor, dict[str, float]]:
    """The mean loss of a batch N×3×H×W and its terms by name."""
    taps = (*TAPS, CONTENT_TAP)
    own = taps if any(w.strength < 1 for w in wanted) else (CONTENT_TAP,)
    with torch.no_grad():
        before = {t: m.unbind() for t, m in encoder(content, own).items()}
    after = {t: m.unbind() for t, m in encoder(painted, taps).items()}
    sums = {"style": painted.new_zeros(()), "content": painted.new_zeros(()), "pixels": painted.new_zeros(())}
    for i, want in enumerate(wanted):
        for tap in TAPS:
            ones = torch.ones(after[tap][i].shape[-2:], device=painted.device)
            target = want.moments[tap]
            if want.strength < 1:
                target = torch.lerp(moments(before[tap][i], ones), target, want.strength)
            loss = GramLoss.of(tap, target, ones, encoder.head(tap), UNIT)
            sums["style"] = sums["style"] + loss({tap: after[tap][i]}) / len(TAPS)
        ones = torch.ones(after[CONTENT_TAP][i].shape[-2:], device=painted.device)
        near = ContentLoss.of(CONTENT_TAP, before[CONTENT_TAP][i], ones, encoder.head(CONTENT_TAP), UNIT)
        sums["content"] = sums["content"] + near({CONTENT_TAP: after[CONTENT_TAP][i]})
        if want.strength == 0:
            sums["pixels"] = sums["pixels"] + (painted[i] - content[i]).square().mean()
    terms = {name: value / len(wanted) for name, value in sums.items()}
    terms["tv"] = total_variation(painted)
    terms["bounds"] = ((-painted).relu() + (painted - 1).relu()).square().mean()
    total = torch.stack([getattr(weights, name) * value for name, value in terms.items()]).sum()
    return total, {name: float(value.detach()) for name, value in terms.items()}
