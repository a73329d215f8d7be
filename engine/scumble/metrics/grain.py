"""Grain: how much of a picture is finest detail, and whether that repeats as a network's strides would leave it.

The octave is the first level of a Laplacian pyramid (Burt & Adelson 1983). What repeats is the checkerboard of Odena et
al. 2016, told by its period rather than by looking.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

LUMA = (0.299, 0.587, 0.114)
STRIDE, BESIDE = 4, 5  # pixels: the period of two strides of 2, and one that no network leaves
WINDOW = 8  # periods: what repeats has to do so side by side, not across the whole picture
LEAST = 64  # pixels: a smaller picture holds too few periods
LARGEST = 2048  # pixels: the middle of a larger one tells as much


@torch.no_grad()
def octaves(picture: Tensor, weight: Tensor) -> tuple[float, float]:
    """Standard deviation of the finest octave of `picture` (1×3×H×W in [0, 1]) under `weight` (H×W, ≥ 0).

    That of its luma and that of its chroma (red and blue less luma), in units of the picture's values.
    """
    luma = (picture * torch.tensor(LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)
    chroma = torch.cat([picture[:, :1] - luma, picture[:, 2:] - luma], 1)
    return _finest(luma, weight), _finest(chroma, weight)


@torch.no_grad()
def weave(picture: Tensor, weight: Tensor) -> float | None:
    """How much of the detail of `picture` (1×3×H×W in [0, 1]) repeats every 4 pixels, over what does every 5.

    1 is none; 2 and more is a lattice. `weight` (H×W, ≥ 0) says what counts. A picture that was resized has lost the
    period, so this is for results as they were painted. None where what counts is too small, under 64 pixels.
    """
    if min(picture.shape[-2:]) < LEAST:
        return None
    picture, weight = _middle(picture), _middle(weight)
    detail = picture - F.avg_pool2d(F.pad(picture, (2, 2, 2, 2), mode="reflect"), 5, 1)
    found = [_repeating(detail, weight, period) for period in (STRIDE, BESIDE)]
    return None if None in found else (found[0] or 0.0) / max(found[1] or 0.0, 1e-9)


def _finest(planes: Tensor, weight: Tensor) -> float:
    """The standard deviation of what halving and doubling the size takes away."""
    low = F.interpolate(F.avg_pool2d(planes, 2), size=planes.shape[-2:], mode="bicubic")
    return float(_mean((planes - low).square().mean(1)[0], weight).sqrt())


def _repeating(detail: Tensor, weight: Tensor, period: int) -> float | None:
    """The share of the energy of `detail` (1×3×H×W) that its mean over a window's periods keeps; None of nothing."""
    height, width = (side // period * period for side in detail.shape[-2:])
    phases = F.pixel_unshuffle(detail[..., :height, :width], period)  # [1, 3·p², h, w]: a plane for each place
    kept = F.avg_pool2d(phases, WINDOW, WINDOW // 2)[0].view(3, period * period, -1)
    kept = (kept - kept.mean(1, keepdim=True)).square().mean((0, 1))  # [windows]
    counts = F.avg_pool2d(weight[None, None, :height, :width], period)
    counts = F.avg_pool2d(counts, WINDOW, WINDOW // 2).flatten()
    if float(counts.sum()) <= 0:
        return None
    energy = _mean(detail.square().mean(1)[0], weight).clamp_min(1e-12)
    return float(_mean(kept, counts) / energy)


def _mean(values: Tensor, weight: Tensor) -> Tensor:
    return (values * weight).sum() / weight.sum()


def _middle(planes: Tensor) -> Tensor:
    """The middle of planes …×H×W, at most `LARGEST` long."""
    for axis in (-2, -1):
        side = planes.shape[axis]
        planes = planes.narrow(axis, max(0, side - LARGEST) // 2, min(side, LARGEST))
    return planes
