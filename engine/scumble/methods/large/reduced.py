"""Large pictures by whole factors smaller, in strips: no float copy of all their pixels is ever there."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...picture import Picture, from_working, mask_in, to_working
from ...picture.color import Floats
from ...wire.request.geometry import Box

STRIP = 1 << 22  # pixels of the large picture at once
TINY = 1e-6


def reduced(content: Picture, by: int) -> Picture:
    """A content with blocks of `by`×`by` pixels as one: ⌈H/by⌉×⌈W/by⌉, RGB or RGBA, of 16 bits or float, in sRGB.

    Colours are means by alpha. What the last blocks lack is the border again, so a pixel is its block's middle.
    """
    depth = "f32" if content.depth == "f32" else "u16"
    strips = []
    for top, bottom in _strips(content.height, content.width, by):
        rgb, alpha = to_working(content.crop(Box(content.x, content.y + top, content.width, bottom - top)))
        if not content.has_alpha:
            strips.append(from_working(_means(rgb, by), depth))
            continue
        covered = _means(alpha[..., None], by)
        colors = _means(rgb * alpha[..., None], by) / np.maximum(covered, TINY)
        strips.append(from_working(np.concatenate([colors, covered], 2), depth))
    return Picture(np.concatenate(strips))


def reduced_mask(mask: Picture, box: Box, by: int) -> Picture:
    """What a mask selects of `box`, on the same blocks as `reduced`: one channel of 16 bits."""
    strips = [
        from_working(_means(mask_in(mask, Box(box.x, box.y + top, box.width, bottom - top))[..., None], by), "u16")
        for top, bottom in _strips(box.height, box.width, by)
    ]
    return Picture(np.concatenate(strips))


def bounds_in(mask: Picture, box: Box) -> Box:
    """The smallest box of the canvas around what a mask selects of `box`; empty where that is nothing."""
    inside = box.clipped(mask.box)
    rows, columns = np.zeros(box.height, bool), np.zeros(box.width, bool)
    for top, bottom in _strips(inside.height, max(1, inside.width), 1):
        part = mask_in(mask, Box(box.x, inside.y + top, box.width, bottom - top)) > 0
        rows[inside.y - box.y + top : inside.y - box.y + bottom] = part.any(1)
        columns |= part.any(0)
    if not rows.any():
        return Box(box.x, box.y, 0, 0)
    (y, x), (bottom, right) = ([int(np.flatnonzero(a)[i]) for a in (rows, columns)] for i in (0, -1))
    return Box.from_bounds(x, y, right + 1, bottom + 1).moved(box.x, box.y)


def _strips(height: int, width: int, by: int) -> list[tuple[int, int]]:
    rows = max(1, STRIP // (width * by)) * by
    return [(top, min(top + rows, height)) for top in range(0, height, rows)]


def _means(values: Floats, by: int) -> NDArray[np.float32]:
    """Means of blocks of H×W×C, the last ones filled with the border."""
    height, width, channels = values.shape
    tall, wide = (math.ceil(n / by) * by for n in (height, width))
    if (tall, wide) != (height, width):
        values = np.pad(values, ((0, tall - height), (0, wide - width), (0, 0)), mode="edge")
    means: NDArray[np.float32] = values.reshape(tall // by, by, wide // by, by, channels).mean((1, 3))
    return means
