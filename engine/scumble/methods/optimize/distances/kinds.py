"""Style losses beside Gram matrices: covariances, sliced Wasserstein distances, patches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from ....losses import CovarianceLoss, Loss, PatchLoss, SlicedLoss
from ....losses.patching import sampled_patches
from ....losses.sliced import drawn
from ...problem import PaintedStyle
from ..statistics.kind import Gauge, Place, StyleKind, moments_of, moments_wanted
from .recoloring import recolored_problem
from .seen import style_maps

MOST_COLUMNS = 4096  # of a style at a tap: quantiles need no more
MOST_PATCHES = 4096
PATCH_LAYERS = ("conv3_1", "conv4_1")  # Li & Wand 2016, section 4


def _covariance(place: Place, styles: Sequence[Tensor]) -> Loss:
    return CovarianceLoss.of(place.tap, moments_wanted(place, styles), place.weight, place.head)


def _columns(style: PaintedStyle, gauge: Gauge) -> Mapping[str, Tensor]:
    """A sample of the style's columns by tap, M×C, in random order."""
    found = {}
    for tap, (features, weight) in style_maps(style, gauge.encoder, gauge.taps, gauge.side, gauge.seed).items():
        at = drawn(weight.flatten(), MOST_COLUMNS, gauge.seed)
        order = torch.randperm(len(at), generator=torch.Generator().manual_seed(gauge.seed)).to(at.device)
        found[tap] = features.flatten(1)[:, at[order]].t().float()
    return found


def _sliced(place: Place, styles: Sequence[Tensor]) -> Loss:
    """Soft masks and shares mix populations of columns, as they mix moments."""
    mixture = place.mixture.tolist()
    count = min(len(s) for s, part in zip(styles, mixture, strict=True) if part > 0)
    wanted = torch.cat([s[: round(part * count)] for s, part in zip(styles, mixture, strict=True)])
    own = place.own.flatten(1)[:, drawn(place.weight.flatten(), MOST_COLUMNS, place.seed)].t()
    targets = [(place.strength, wanted), (1 - place.strength, own)]
    return SlicedLoss.of(place.tap, [(s, t) for s, t in targets if s > 0], place.weight, place.head, place.seed)


def _sampled(style: PaintedStyle, gauge: Gauge) -> Mapping[str, Tensor]:
    maps = style_maps(style, gauge.encoder, gauge.taps, gauge.side, gauge.seed)
    return {tap: sampled_patches(f, w >= 1, MOST_PATCHES, gauge.seed) for tap, (f, w) in maps.items()}


def _patches(place: Place, styles: Sequence[Tensor]) -> Loss:
    shares = list(zip(place.mixture.tolist(), styles, strict=True))
    return PatchLoss.of(place.tap, shares, place.own, place.weight, place.head, place.strength)


# Weights by eye: strokes as clear as those of Gram matrices, and a face that is still one.
COVARIANCE = StyleKind(moments_of, _covariance, weight=2.0, prepare=recolored_problem)
SLICED = StyleKind(_columns, _sliced, weight=3.0, prepare=recolored_problem)
PATCHES = StyleKind(_sampled, _patches, PATCH_LAYERS, weight=0.35, prepare=recolored_problem)
