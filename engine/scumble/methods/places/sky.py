"""The sky: what is smooth, reaches the top, and has the colours of what is up there. No network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ...picture.color import Floats
from ...picture.oklab import to_oklab
from .refine import fitted, luma, mean, scaled

SIDE = 256  # pixels of the long side
TOP = 0.06  # of the height: where it begins
QUIET = 0.035  # spread of luma that clouds have; leaves and walls have more
BLUE, DARK, PALE, BRIGHT = -0.02, 0.25, 0.62, 0.8  # Oklab: blue may be dark, gray must be light, warm colours bright
GRAY, GREEN = 0.03, -0.075  # chroma of gray; greener than that no sky is
NEAR = 9.0  # squared distance to the sky's colours, in their spread, that is still sky
ROUNDS = 4
LEAST = 0.02  # of the picture
RADIUS = 0.012


def sky(rgb: Floats) -> Floats:
    """The sky: H×W in [0, 1] of `rgb`, H×W×3 in [0, 1]; nothing where there is none."""
    height, width = rgb.shape[:2]
    ratio = min(1.0, SIDE / max(height, width))
    small = scaled(rgb, (max(8, round(height * ratio)), max(8, round(width * ratio))))
    found = _found(small)
    if found.mean() < LEAST:
        return np.zeros((height, width), np.float32)
    return fitted(found.astype(np.float32), rgb, RADIUS)


def _found(rgb: Floats) -> NDArray[np.bool_]:
    """The sky in a small picture: grown from the top, in the colours that it has there."""
    lab = mean(to_oklab(rgb), 1)
    light = luma(rgb)
    rough = np.sqrt(np.maximum(mean(light * light, 2) - mean(light, 2) ** 2, 0))
    may = (rough < QUIET) & _colored(lab)
    rows = max(2, round(TOP * len(rgb)))
    seed = may & (np.arange(len(rgb)) < rows)[:, None]
    if seed[:rows].mean() < 0.15:
        return np.zeros(rgb.shape[:2], bool)
    region = seed
    for _ in range(ROUNDS):
        region = _connected(may & (_distance(lab, region) < NEAR), seed)
        if not region.any():
            return region
    wide = _connected(ndimage.binary_opening(region, iterations=1), seed)
    near_edges = (_distance(lab, wide) < NEAR) & _colored(lab)  # up to what stands before it, and between
    grown = ndimage.binary_dilation(wide, iterations=3, mask=near_edges)
    out: NDArray[np.bool_] = ndimage.binary_closing(np.pad(grown, 3, mode="edge"), iterations=2)[3:-3, 3:-3]
    return out


def _colored(lab: Floats) -> NDArray[np.bool_]:
    """Where a sky's colours are: blue; light gray; or what dusk has, if it shines."""
    light, green, blue = lab[..., 0], lab[..., 1] > GREEN, lab[..., 2]
    gray = np.hypot(lab[..., 1], blue) < GRAY
    out: NDArray[np.bool_] = green & (((blue < BLUE) & (light > DARK)) | (gray & (light > PALE)) | (light > BRIGHT))
    return out


def _distance(lab: Floats, region: NDArray[np.bool_]) -> Floats:
    """The squared distance of each pixel to the nearest of the region's two colours, in units of their spread."""
    own = lab[region]
    if not len(own):
        return np.full(lab.shape[:2], np.inf, np.float32)
    far = np.full(lab.shape[:2], np.inf)
    for part in _halves(own):
        spread = np.cov(part.T) + np.diag([4e-3, 2e-4, 4e-4]) if len(part) > 8 else np.diag([4e-3, 2e-4, 4e-4])
        off = lab - part.mean(0)
        far = np.minimum(far, np.einsum("hwi,ij,hwj->hw", off, np.linalg.inv(spread), off))
    return far.astype(np.float32)


def _halves(colors: Floats) -> tuple[Floats, Floats]:
    """The lighter and the darker half: clouds, and what is between them."""
    middle = np.median(colors[:, 0])
    lighter, darker = colors[colors[:, 0] >= middle], colors[colors[:, 0] < middle]
    return (lighter, darker) if len(darker) else (lighter, lighter)


def _connected(region: NDArray[np.bool_], seed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The parts of `region` that the seed reaches."""
    parts, _ = ndimage.label(region)
    out: NDArray[np.bool_] = np.isin(parts, np.setdiff1d(np.unique(parts[seed & region]), [0]))
    return out
