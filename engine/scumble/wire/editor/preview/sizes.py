"""Sizes of small pictures, and where they lie."""

from __future__ import annotations

from typing import Tuple

from ...request.geometry import Box

Size = Tuple[int, int]


def fitting(size: Size, long_side: int) -> Size:
    """Width and height with at most `long_side`, in the same proportion; never enlarged."""
    share = min(1.0, long_side / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def small_place(box: Box, canvas: Size, size: Size) -> Tuple[Box, Size]:
    """Where `box` lies once it has `size`, and how large the canvas around it is then."""
    width, height = size
    x, y = round(box.x * width / box.width), round(box.y * height / box.height)
    across, down = round(canvas[0] * width / box.width), round(canvas[1] * height / box.height)
    return Box(x, y, width, height), (max(x + width, across), max(y + height, down))
