"""What a transformation network is trained on: the losses of Johnson et al. 2016 under *slim*, in relative units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..features.encoder import Encoder
from ..losses import UNITS, ContentLoss, GramLoss, moments, total_variation
from ..networks.adaptive import DEEP, SKIP
from ..networks.predictor import TAPS

CONTENT_TAP = "conv4_2"
LOOKED_AT = (SKIP, DEEP, CONTENT_TAP)
UNIT = UNITS["relative"]


@dataclass(frozen=True)
class Weights:
    """The balance of the terms; `pixels` holds the identity, `bounds` what leaves [0, 1]."""

    content: float = 0.12
    style: float = 1.0
    tv: float = 1.0
    pixels: float = 20.0
    bounds: float = 10.0


@dataclass(frozen=True)
class Wanted:
    """One picture's style target: moments by tap, and how far to go to them from the content's own (0 … 1)."""

    moments: dict[str, Tensor]
    strength: float


@dataclass(frozen=True)
class Seen:
    """What the encoder sees in a content: its maps C×h×w at `LOOKED_AT`, and its own moments by tap."""

    maps: dict[str, Tensor]
    moments: dict[str, Tensor]


@torch.no_grad()
def look(encoder: Encoder, contents: Tensor, own_moments: bool) -> list[Seen]:
    """What is seen in each of the contents N×3×H×W; its moments only where they are asked for."""
    maps = encoder(contents, {*LOOKED_AT, *(TAPS if own_moments else ())})
    taps = TAPS if own_moments else ()
    return [
        Seen({t: maps[t][i] for t in LOOKED_AT}, {t: moments(maps[t][i], _ones(maps[t])) for t in taps})
        for i in range(len(contents))
    ]


def paint_loss(
    encoder: Encoder, content: Tensor, painted: Tensor, wanted: Sequence[Wanted], weights: Weights, seen: Sequence[Seen]
) -> tuple[Tensor, dict[str, float]]:
    """The mean loss of a batch N×3×H×W and its terms by name; `seen` is what `look` found in the contents.

    Their moments are needed where a strength is below 1.
    """
    maps = encoder(painted, (*TAPS, CONTENT_TAP))
    after = {t: m.unbind() for t, m in maps.items()}
    ones = {t: _ones(m) for t, m in maps.items()}
    sums = {"style": painted.new_zeros(()), "content": painted.new_zeros(()), "pixels": painted.new_zeros(())}
    for i, (want, own) in enumerate(zip(wanted, seen, strict=True)):
        for tap in TAPS:
            target = want.moments[tap]
            if want.strength < 1:
                target = torch.lerp(own.moments[tap], target, want.strength)
            loss = GramLoss.of(tap, target, ones[tap], encoder.head(tap), UNIT)
            # A dark, flat style has little energy to divide by: the logarithm keeps it from drowning the others.
            sums["style"] = sums["style"] + torch.log1p(loss.of_map(after[tap][i])) / len(TAPS)
        near = ContentLoss.of(CONTENT_TAP, own.maps[CONTENT_TAP], ones[CONTENT_TAP], encoder.head(CONTENT_TAP), UNIT)
        sums["content"] = sums["content"] + near.of_map(after[CONTENT_TAP][i])
        if want.strength == 0:
            sums["pixels"] = sums["pixels"] + (painted[i] - content[i]).square().mean()
    terms = {name: value / len(wanted) for name, value in sums.items()}
    terms["tv"] = total_variation(painted)
    terms["bounds"] = ((-painted).relu() + (painted - 1).relu()).square().mean()
    total = torch.stack([getattr(weights, name) * value for name, value in terms.items()]).sum()
    return total, {name: float(value.detach()) for name, value in terms.items()}


def _ones(maps: Tensor) -> Tensor:
    return torch.ones(maps.shape[-2:], device=maps.device)
