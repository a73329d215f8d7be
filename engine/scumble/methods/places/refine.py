"""A coarse mask fitted to a picture's edges: the guided filter (He, Sun & Tang 2013), found small and applied large."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ...picture.color import LUMA, Floats

EPS = 2e-4  # of the guide's variance: edges above about 1.4 % are followed
SMALL = 512  # pixels of the long side at which it is found (He & Sun 2015, fast guided filter)


def fitted(mask: Floats, rgb: Floats, radius: float) -> Floats:
    """`mask` (h×w in [0, 1]) over `rgb` (H×W×3 in [0, 1]), softened along what is seen within `radius`.

    The radius is a part of the long side. The guide is the colour picture; H×W in [0, 1].
    """
    height, width = rgb.shape[:2]
    ratio = min(1.0, SMALL / max(height, width))
    size = (max(8, round(height * ratio)), max(8, round(width * ratio)))
    guide, coarse = scaled(rgb, size), scaled(mask, size)
    slope, offset = _local_maps(guide, coarse, max(2, round(radius * max(size))))
    fine = np.einsum("hwc,hwc->hw", scaled(slope, (height, width)), rgb) + scaled(offset, (height, width))
    out: Floats = np.clip(fine, 0, 1).astype(np.float32)
    return out


def scaled(values: Floats, size: tuple[int, int]) -> Floats:
    """H×W(×C) at another height and width: means where it shrinks, linear in between where it grows."""
    if values.shape[:2] == size:
        return values
    for axis, n in enumerate(size):
        values = _along(values, n, axis)
    return values


def luma(rgb: Floats) -> Floats:
    """H×W of H×W×3."""
    out: Floats = rgb @ LUMA
    return out


def mean(values: Floats, radius: int) -> Floats:
    """The mean over squares of 2 × `radius` + 1 pixels, channel by channel."""
    size = (2 * radius + 1, 2 * radius + 1, *(1 for _ in values.shape[2:]))
    out: Floats = ndimage.uniform_filter(values, size, mode="reflect")
    return out


def _local_maps(guide: Floats, mask: Floats, radius: int) -> tuple[Floats, Floats]:
    """Slopes H×W×3 and offset H×W of the linear map from guide to mask around each pixel (equation 14)."""
    at, of = mean(guide, radius), mean(mask, radius)
    both = mean(guide * mask[..., None], radius) - at * of[..., None]
    pairs = mean(guide[..., :, None] * guide[..., None, :], radius) - at[..., :, None] * at[..., None, :]
    slope = np.linalg.solve(pairs + EPS * np.eye(3, dtype=np.float32), both[..., None])[..., 0]
    offset = of - np.einsum("hwc,hwc->hw", slope, at)
    return mean(slope.astype(np.float32), radius), mean(offset, radius)


def _along(values: Floats, count: int, axis: int) -> Floats:
    values = np.moveaxis(values, axis, 0)
    have = len(values)
    if count < have:
        edges = np.linspace(0, have, count + 1)
        sums = np.concatenate([np.zeros_like(values[:1], np.float64), np.cumsum(values, 0, dtype=np.float64)])
        low = np.floor(edges).astype(int)
        part = (edges - low).reshape(-1, *(1 for _ in values.shape[1:]))
        upto = sums[low] + part * (sums[np.minimum(low + 1, have)] - sums[low])
        out = (np.diff(upto, axis=0) * (count / have)).astype(np.float32)
    else:
        at = np.clip((np.arange(count) + 0.5) * (have / count) - 0.5, 0, have - 1)
        low = np.floor(at).astype(int)
        part = (at - low).reshape(-1, *(1 for _ in values.shape[1:])).astype(np.float32)
        out = values[low] * (1 - part) + values[np.minimum(low + 1, have - 1)] * part
    return np.moveaxis(out, 0, axis)
