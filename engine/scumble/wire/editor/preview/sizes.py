"""Sizes of small pictures, and where they lie."""

from __future__ import annotations

from typing import Tuple

from ...request.geometry import Box

Size = Tuple[int, int]

MOST_CLOSE = {"fast": 448, "": 256}  # pixels, the long side of a close-up, so that it is still a quick job


def fitting(size: Size, long_side: int) -> Size:
    """Width and height with at most `long_side`, in the same proportion; never enlarged."""
    share = min(1.0, long_side / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def close_room(room: Size, method: str) -> Size:
    """How much of `room` (points) a close-up takes that is painted by `method`, at a pixel a point."""
    share = min(1.0, MOST_CLOSE.get(method, MOST_CLOSE[""]) / max(room))
    return max(1, round(room[0] * share)), max(1, round(room[1] * share))


def closeup(box: Box, spot: Tuple[float, float], room: Size) -> Box:
    """The part of `box` around a `spot` (shares of its sides) that fits into `room` in its own pixels."""
    width, height = min(box.width, max(1, room[0])), min(box.height, max(1, room[1]))
    left = round(box.x + spot[0] * box.width - width / 2)
    top = round(box.y + spot[1] * box.height - height / 2)
    return Box(min(max(left, box.x), box.right - width), min(max(top, box.y), box.bottom - height), width, height)


def small_place(box: Box, canvas: Size, size: Size) -> Tuple[Box, Size]:
    """Where `box` lies once it has `size`, and how large the canvas around it is then."""
    width, height = size
    x, y = round(box.x * width / box.width), round(box.y * height / box.height)
    across, down = round(canvas[0] * width / box.width), round(canvas[1] * height / box.height)
    return Box(x, y, width, height), (max(x + width, across), max(y + height, down))
