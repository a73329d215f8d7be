"""Soft masks: float32 H×W in [0, 1], where the selection or a style applies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box
from .color import ROWS, Floats, alpha_of, coverage
from .picture import Picture


def mask_in(picture: Picture, box: Box) -> Floats:
    """The mask's values over `box` of the canvas, H×W; 0 where the mask's own rectangle does not reach."""
    out = np.zeros((box.height, box.width), np.float32)
    shared = box.clipped(picture.box)
    if shared:
        at = shared.moved(-box.x, -box.y)
        out[at.y : at.bottom, at.x : at.right] = coverage(picture.crop(shared))
    return out


def checked_mask(picture: Picture, box: Box, name: str) -> Floats:
    """As `mask_in`. Raises `mask-empty` when nothing is selected inside `box`."""
    mask = mask_in(picture, box)
    if not np.any(mask > 0):
        raise ScumbleError("mask-empty", name=name)
    return mask


def file_coverage(mask: Picture) -> Floats:
    """A mask file's values H×W in [0, 1]. One that varies in nothing but its alpha is meant by that alone."""
    values = coverage(mask)
    alpha = alpha_of(mask)
    if not mask.has_alpha or alpha.min() >= 1:
        return values
    colors = mask.data[..., :-1][alpha > 0]
    return alpha if len(colors) and (colors == colors[0]).all() else values


def check_mask_size(mask: Picture, picture: Picture, name: str) -> None:
    """Raise `mask-size` unless the mask has the picture's size: for mask files, which carry no place of their own."""
    if (mask.width, mask.height) != (picture.width, picture.height):
        raise ScumbleError(
            "mask-size",
            name=name,
            width=mask.width,
            height=mask.height,
            expected_width=picture.width,
            expected_height=picture.height,
        )


def mask_bounds(mask: Floats) -> Box:
    """The smallest box around everything above 0, in the array's own coordinates; empty when there is nothing."""
    rows, columns = np.flatnonzero(mask.max(axis=1) > 0), np.flatnonzero(mask.max(axis=0) > 0)
    if not len(rows):
        return Box(0, 0, 0, 0)
    return Box.from_bounds(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def normalise_masks(masks: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Shares S×H×W of the styles: masks × weights, scaled so that they add up to 1 at each pixel.

    Where no style reaches, all shares are 0 and the picture stays as it is.
    """
    each = np.asarray(weights, np.float64)[:, None, None]
    out: Floats = np.empty((len(masks), *masks[0].shape), np.float32)
    for top in range(0, len(masks[0]), ROWS):  # in double precision, which takes several times the memory of the result
        shares = np.stack([mask[top : top + ROWS] for mask in masks]).astype(np.float64) * each
        total = shares.sum(axis=0)
        out[:, top : top + ROWS] = np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)
    return out


def full_mask(box: Box) -> NDArray[np.float32]:
    """A mask that selects all of `box`: ones that take no memory and cannot be written."""
    return np.broadcast_to(np.float32(1), (box.height, box.width))
