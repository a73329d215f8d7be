"""Content and style loss as measures: relative units, so that they compare between sizes, networks and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from ..features.encoder import Encoder
from ..losses import UNITS, ContentLoss, Features, GramLoss
from ..wire.protocol.errors import ScumbleError
from ..wire.request.choices import STYLE_LAYERS

STYLE_TAPS = STYLE_LAYERS
CONTENT_TAP = "conv4_2"


class StyleMoments(Protocol):
    """What is asked of a style here: its moments and its colours."""

    name: str

    def moments(self, encoder: Encoder, long_side: float, taps: Sequence[str]) -> dict[str, Tensor]:
        """Moments (C+1)×(C+1) by tap of the style with its long side at `long_side` pixels."""

    def colors(self) -> tuple[Tensor, Tensor]:
        """Mean (3) and covariance (3×3) of its sRGB values in [0, 1]."""


@dataclass(frozen=True)
class WeightedStyle:
    """A style, its share and its stroke size relative to the picture."""

    source: StyleMoments
    weight: float = 1.0
    stroke_size: float = 1.0


@torch.no_grad()
def style_target(styles: Sequence[WeightedStyle], encoder: Encoder, long_side: float) -> dict[str, Tensor]:
    """The moments (C+1)×(C+1) by tap that a picture of `long_side` pixels should have: the styles' mean by weight.

    Raises `styles-missing`, `weights-zero`, and `model-unsuited` for a library style under another network than slim.
    """
    total = sum(s.weight for s in styles)
    if not styles:
        raise ScumbleError("styles-missing")
    if total <= 0:
        raise ScumbleError("weights-zero")
    found = [s.source.moments(encoder, long_side * s.stroke_size, STYLE_TAPS) for s in styles]
    shares = [s.weight / total for s in styles]
    return {t: sum((w * m[t] for w, m in zip(shares, found, strict=True)), torch.zeros(())) for t in STYLE_TAPS}


@torch.no_grad()
def features_of(encoder: Encoder, picture: Tensor) -> dict[str, Tensor]:
    """The features C×h×w of `picture` (1×3×H×W in [0, 1]) at all taps that are measured, in one pass."""
    return {tap: maps[0] for tap, maps in encoder(picture, {*STYLE_TAPS, CONTENT_TAP}).items()}


@torch.no_grad()
def style_loss(encoder: Encoder, features: Features, target: Features, weight: Tensor) -> float:
    """The mean over taps of |G - Gₛ|² / |Gₛ|² of `features` against `target` moments, under `weight` (H×W, ≥ 0)."""
    losses = [
        GramLoss.of(t, target[t], _at(weight, features[t]), encoder.head(t), UNITS["relative"]).of_map(features[t])
        for t in STYLE_TAPS
    ]
    return float(torch.stack(losses).mean())


@torch.no_grad()
def content_loss(encoder: Encoder, features: Features, wanted: Features, weight: Tensor) -> float:
    """|F - F꜀|² / |F꜀|² of `features` against the content's (`wanted`) at conv4_2, under `weight` (H×W, ≥ 0)."""
    target, head = wanted[CONTENT_TAP], encoder.head(CONTENT_TAP)
    loss = ContentLoss.of(CONTENT_TAP, target, _at(weight, target), head, UNITS["relative"])
    return float(loss.of_map(features[CONTENT_TAP]))


def _at(weight: Tensor, maps: Tensor) -> Tensor:
    """A weight H×W at the size of a tap's maps."""
    return F.interpolate(weight[None, None], size=maps.shape[-2:], mode="area")[0, 0]
