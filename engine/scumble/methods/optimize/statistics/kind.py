"""The style losses that the descent can follow: what each measures of a style, and makes of it for a region."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ....features.encoder import Encoder, Head
from ....losses import GramLoss, Loss, Units, moments
from ....wire.request.choices import STYLE_LAYERS
from ...problem import PaintedStyle, Problem


@dataclass(frozen=True)
class Place:
    """One tap of one region: the content's features C×H×W, their weight H×W, and what the region wants."""

    tap: str
    own: Tensor
    weight: Tensor
    head: Head | None
    mixture: Tensor  # [K] of the styles, sums to 1
    strength: float
    seed: int
    units: Units


@dataclass(frozen=True)
class Gauge:
    """How styles are measured at a scale: under `encoder` at `taps`; `side` is the canvas' long side in pixels."""

    encoder: Encoder
    taps: Sequence[str]
    side: float
    seed: int


@dataclass(frozen=True)
class StyleKind:
    """A way to compare with styles.

    `measure` gives by tap what `loss` needs of a style; `weight` is what style weight 1 means; `layers` the taps
    unless the user chose some. `prepare` changes a problem before anything is compared, as far as a strength goes.
    `papers_units`: the request chooses the unit of losses; otherwise they are relative.
    """

    measure: Callable[[PaintedStyle, Gauge], Mapping[str, Any]]
    loss: Callable[[Place, Sequence[Any]], Loss]
    layers: tuple[str, ...] = STYLE_LAYERS
    weight: float = 1.0
    prepare: Callable[[Problem, float], Problem] | None = None
    papers_units: bool = False


def moments_of(style: PaintedStyle, gauge: Gauge) -> Mapping[str, Tensor]:
    """The style's moments (C+1)×(C+1) by tap, with its strokes at the size that is wanted."""
    return style.source.moments(gauge.encoder, gauge.side * style.stroke_size, gauge.taps)


def moments_wanted(place: Place, styles: Sequence[Tensor]) -> Tensor:
    """The moments that a region wants: strength walks from the content's own to the styles'."""
    wanted = torch.einsum("k,kij->ij", place.mixture, torch.stack(list(styles)))
    return torch.lerp(moments(place.own, place.weight), wanted, place.strength)


def _gram(place: Place, styles: Sequence[Tensor]) -> Loss:
    return GramLoss.of(place.tap, moments_wanted(place, styles), place.weight, place.head, place.units)


GRAM = StyleKind(moments_of, _gram, papers_units=True)
