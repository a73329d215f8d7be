"""Small things done to pixels, 1×C×H×W."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

LUMA = (0.299, 0.587, 0.114)
STRIP = 1 << 16  # pixels that are looked at together: as many as a processor keeps near


def luma(t: Tensor) -> Tensor:
    """The luma 1×1×H×W of `t`, 1×3×H×W (ITU-R BT.601)."""
    light = t[:, :1] * LUMA[0]
    return light.add(t[:, 1:2], alpha=LUMA[1]).add(t[:, 2:3], alpha=LUMA[2])


def blurred(t: Tensor, by: float) -> Tensor:
    """`t` without what is smaller than `by` pixels; up to 1 nothing is taken away."""
    if by <= 1:
        return t
    small = [max(2, round(n / by)) for n in t.shape[-2:]]
    down = F.interpolate(t, size=small, mode="bilinear", antialias=True)
    return F.interpolate(down, size=t.shape[-2:], mode="bicubic")


def soft_colors(t: Tensor, by: float) -> Tensor:
    """`t` (1×3×H×W) with its colours blurred over `by` pixels and its luma kept: speckles of colour go, edges stay."""
    soft = blurred(t, by)
    return (luma(t) + soft - luma(soft)).clamp(0, 1)


def without_specks(pixels: Tensor) -> Tensor:
    """`pixels` 1×3×H×W with each value within the range of its eight neighbours': single ones that stand out are gone,
    lines and edges stay (conservative smoothing). What lies at the border is left alone."""
    height, width = pixels.shape[-2:]
    if min(height, width) < 3:
        return pixels
    out, rows = pixels.clone(), max(1, STRIP // width)
    for top in range(1, height - 1, rows):
        bottom = min(height - 1, top + rows)
        out[..., top:bottom, 1:-1] = _among_neighbours(pixels[..., top - 1 : bottom + 1, :])
    return out


def _among_neighbours(pixels: Tensor) -> Tensor:
    bounds = []
    for of in (torch.minimum, torch.maximum):
        left, right = pixels[..., :-2], pixels[..., 2:]
        row = of(of(left, right), pixels[..., 1:-1])
        beside = of(left[..., 1:-1, :], right[..., 1:-1, :])
        bounds.append(of(of(row[..., :-2, :], row[..., 2:, :]), beside))
    return pixels[..., 1:-1, 1:-1].clamp(*bounds)
