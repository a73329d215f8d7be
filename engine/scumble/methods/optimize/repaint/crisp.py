"""Crispness: the fine bands of luma brought towards the energy that they have in the painting; colour is left alone."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from ..pixels import luma
from ..pyramid import laplacian, synthesise
from ..views import Paint, windows_of

BANDS = 3
MOST = 1.8  # times: beyond, noise is what is strengthened


def crisped(picture: Tensor, paints: Sequence[Paint], shares: Tensor, most: float = MOST) -> Tensor:
    """`picture` (1×3×H×W), its finest bands up to `most` times as strong, where a style has its share (K×H×W).

    They are made as strong as the style's own, never stronger; nothing is weakened.
    """
    light = luma(picture)
    bands = laplacian(light)
    styles = [laplacian(luma(_shown(paint, max(picture.shape[-2:])))) for paint in paints]
    for i in range(min(BANDS, len(bands) - 1)):
        there = F.interpolate(shares[None], size=bands[i].shape[-2:], mode="area")[0]
        gain = torch.ones_like(bands[i])
        for style, share in zip(styles, there, strict=True):
            if i < len(style) - 1 and float(share.sum()) > 0:
                ratio = style[i].square().mean() / _energy(bands[i], share).clamp_min(1e-9)
                gain += share * (float(ratio.sqrt().clamp(1.0, most)) - 1)
        bands[i] = bands[i] * gain
    return (picture + synthesise(bands) - light).clamp(0, 1)


def _shown(paint: Paint, side: int) -> Tensor:
    (window,) = windows_of(paint, (0,), side, 0)
    return window.view().pixels


def _energy(band: Tensor, weight: Tensor) -> Tensor:
    return (band[0, 0].square() * weight).sum() / weight.sum()
