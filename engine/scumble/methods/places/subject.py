"""The subject: who stands in front, people first of all and often animals; and the faces."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ...picture.color import Floats
from .people import FACES, SUBJECT, load
from .refine import fitted, scaled

SIDE = 256  # pixels that the subject is looked for at
CLEAR = (0.35, 0.75)  # of what the network says: surely not, surely
SPECK = 0.02  # of the largest part: smaller ones are none
RADIUS = 0.015  # of the long side, within which the mask follows what is seen
FACE_SIDE, CELLS = 192, 48  # pixels that faces are looked for at; a cell of the grid is four of them
SURE, MOST, OVERLAP = 0.6, 64, 0.3  # of a face; how many; of two that are one
TALL, WIDE, UP = 0.85, 0.68, 0.12  # of the found box, which begins at the brows: from chin to hair, ear to ear


def subject(rgb: Floats) -> Floats:
    """Who is in front: H×W in [0, 1] of `rgb`, H×W×3 in [0, 1]. Raises `people-missing`, `regions-missing`."""
    found = load(SUBJECT)(scaled(rgb, (SIDE, SIDE)))[0][..., 0]
    low, high = CLEAR
    coarse = np.clip((found - low) / (high - low), 0, 1)
    return fitted(_without_specks(coarse).astype(np.float32), rgb, RADIUS)


def faces(rgb: Floats) -> Floats:
    """Faces, as soft ellipses from chin to hair: H×W in [0, 1]. Raises `people-missing`, `regions-missing`."""
    height, width = rgb.shape[:2]
    out = np.zeros((height, width), np.float32)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    for left, top, wide, tall in boxes(rgb):
        away = np.hypot((x - left - wide / 2) / (WIDE * wide), (y - top - (0.5 - UP) * tall) / (TALL * tall))
        np.maximum(out, _smooth((1.15 - away) / 0.4), out=out)
    return out


def boxes(rgb: Floats) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of each face in pixels, the surest first; at most `MOST`."""
    height, width = rgb.shape[:2]
    ratio = FACE_SIDE / max(height, width)
    size = (max(1, round(height * ratio)), max(1, round(width * ratio)))
    framed = np.zeros((FACE_SIDE, FACE_SIDE, 3), np.float32)
    framed[: size[0], : size[1]] = scaled(rgb, size)
    places, scores = load(FACES)(2 * framed - 1)
    sure = 1 / (1 + np.exp(-np.clip(scores[:, 0], -80, 80)))
    kept: list[tuple[float, float, float, float]] = []
    for i in np.argsort(-sure):
        if sure[i] < SURE or len(kept) == MOST:
            break
        center_x, center_y = ((i % CELLS + 0.5) * 4 + places[i, 0]), ((i // CELLS + 0.5) * 4 + places[i, 1])
        wide, tall = float(places[i, 2]), float(places[i, 3])
        one = (center_x - wide / 2, center_y - tall / 2, wide, tall)
        if all(_overlap(one, other) < OVERLAP for other in kept):
            kept.append(one)
    return [(a / ratio, b / ratio, c / ratio, d / ratio) for a, b, c, d in kept]


def _without_specks(mask: Floats) -> Floats:
    parts, count = ndimage.label(mask > 0.5)
    if count < 2:
        return mask
    sizes = ndimage.sum_labels(np.ones_like(mask), parts, np.arange(1, count + 1))
    small = np.flatnonzero(sizes < SPECK * sizes.max()) + 1
    around = ndimage.binary_dilation(np.isin(parts, small), iterations=2)
    out: Floats = np.where(around & ~np.isin(parts, np.setdiff1d(np.arange(1, count + 1), small)), 0, mask)
    return out


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    """Intersection over union."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    tall = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    both = max(0.0, wide) * max(0.0, tall)
    return both / max(one[2] * one[3] + other[2] * other[3] - both, 1e-6)


def _smooth(t: Floats) -> Floats:
    t = np.clip(t, 0, 1)
    out: Floats = (t * t * (3 - 2 * t)).astype(np.float32)
    return out
