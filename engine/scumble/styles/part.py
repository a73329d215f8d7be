"""A part of a style's picture, as if there were no more of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..picture.color import Floats
from ..picture.masks import mask_bounds

SUPPORT = 0.02  # of coverage: a part ends where so little of it is left that nobody sees it


def part_of(rgb: Floats, coverage: Floats) -> tuple[Floats, Floats, float]:
    """The box of what `coverage` (H×W in [0, 1], not zero everywhere) selects of `rgb` (H×W×3): its colours, its
    coverage, and its long side as a share of the picture's.

    Beyond the part its box shows a mirror of it, which counts for nothing: networks see further than a pixel, and what
    was left out must not come in through their receptive fields.
    """
    support = coverage > min(SUPPORT, float(coverage.max()) / 2)
    box = mask_bounds(support.astype(np.float32))
    cut = np.s_[box.y : box.bottom, box.x : box.right]
    colors, inside = rgb[cut], support[cut]
    if not inside.all():
        colors = colors.reshape(-1, 3)[mirror_of(inside)].reshape(colors.shape)
    covered = np.where(inside, coverage[cut], np.float32(0))
    return np.ascontiguousarray(colors), covered, max(inside.shape) / max(coverage.shape)


def mirror_of(inside: NDArray[np.bool_]) -> NDArray[Any]:
    """For each position of H×W (some `inside`) the flat index it shows: itself inside; outside, its mirror image at the
    border."""
    from scipy import ndimage  # a third of a second that most pictures do not need

    nearest = ndimage.distance_transform_edt(~inside, return_distances=False, return_indices=True)
    image = 2 * nearest - np.indices(inside.shape)
    limit = np.array(inside.shape)[:, None, None] - 1
    within = ((image >= 0) & (image <= limit)).all(0)
    clamped = np.clip(image, 0, limit)
    good = within & inside[clamped[0], clamped[1]]  # a thin region's mirror image may lie beyond it: take the border
    row, column = np.where(good, clamped, nearest)
    out: NDArray[Any] = (row * inside.shape[1] + column).ravel()
    return out
