"""Crispness: the fine bands of luma brought towards the strength that they have in the painting; colour is kept."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from ...pixels import luma
from ...problem import Amount
from ...texture.views import Paint, windows_of
from ..pyramid import laplacian, synthesise

BANDS = 3
MOST, LEAST = 1.8, 0.45  # times: beyond, noise is what is strengthened; what is weakened more is smeared
NEAR = 7  # pixels of a band over which its strength is taken
RANKS = 32  # places in the order of strengths that are compared
SAMPLE = 60_000  # places of a band that the order is found from


def crisped(picture: Tensor, paints: Sequence[Paint], shares: Tensor, amount: Amount = 1.0) -> Tensor:
    """`picture` (1×3×H×W) with its finest bands as strong as the styles' where those have their share (K×H×W).

    What is strong becomes as strong as what is strong in the painting, what is faint as what is faint there: lines on
    empty paper stay that, and are not evened out into grain. `amount` (0 … 1) says how far.
    """
    light = luma(picture)
    bands = laplacian(light)
    styles = [laplacian(luma(_shown(paint, max(picture.shape[-2:])))) for paint in paints]
    for i in range(min(BANDS, len(bands) - 1)):
        there = F.interpolate(shares[None], size=bands[i].shape[-2:], mode="area")[0]
        far = F.interpolate(amount, size=bands[i].shape[-2:], mode="area") if isinstance(amount, Tensor) else amount
        gain = torch.ones_like(bands[i])
        for style, share in zip(styles, there, strict=True):
            if i < len(style) - 1 and float(share.sum()) > 0:
                gain += far * share * (_gain(_strength(bands[i]), share, _strength(style[i])) - 1)
        bands[i] = bands[i] * gain
    return (picture + synthesise(bands) - light).clamp(0, 1)


def _shown(paint: Paint, side: int) -> Tensor:
    (window,) = windows_of(paint, (0,), side, 0)
    return window.view().pixels


def _strength(band: Tensor) -> Tensor:
    """How strong a band is around each place."""
    r = min(NEAR // 2, min(band.shape[-2:]) - 1)
    square = F.pad(band.square(), (r,) * 4, mode="reflect")
    return F.avg_pool2d(square, 2 * r + 1, 1).sqrt()


def _gain(strength: Tensor, share: Tensor, wanted: Tensor) -> Tensor:
    """What `strength` is to be multiplied by, so that its order of strengths becomes that of `wanted`."""
    ranks = torch.linspace(0, 1, RANKS, device=strength.device)
    have, want = (torch.quantile(_some(s), ranks) for s in (strength[0, 0][share > 0], wanted.flatten()))
    ratio = (want / have.clamp_min(1e-5)).clamp(LEAST, MOST)
    upper = torch.bucketize(strength, have).clamp(1, RANKS - 1)
    part = ((strength - have[upper - 1]) / (have[upper] - have[upper - 1]).clamp_min(1e-9)).clamp(0, 1)
    return torch.lerp(ratio[upper - 1], ratio[upper], part)


def _some(values: Tensor) -> Tensor:
    return values[:: max(1, len(values) // SAMPLE)]
