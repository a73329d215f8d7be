"""Boxes on the canvas: the arithmetic of “the selection's box plus a context margin”, for both sides of the wire."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle of whole pixels on the canvas; right and bottom are exclusive. Empty when a side is 0."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def from_bounds(cls, left: int, top: int, right: int, bottom: int) -> Box:
        """The box between exclusive bounds; crossed bounds give an empty one."""
        return cls(left, top, max(0, right - left), max(0, bottom - top))

    @property
    def right(self) -> int:
        """First column after the box."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row below the box."""
        return self.y + self.height

    @property
    def long_side(self) -> int:
        """The larger of width and height."""
        return max(self.width, self.height)

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        return self.x, self.y, self.right, self.bottom

    def __bool__(self) -> bool:
        return self.width > 0 and self.height > 0

    def grown(self, by: int) -> Box:
        """The box with `by` pixels more on every side."""
        return Box.from_bounds(self.x - by, self.y - by, self.right + by, self.bottom + by)

    def clipped(self, to: Box) -> Box:
        """The part inside `to`; empty when they do not meet."""
        left, top = max(self.x, to.x), max(self.y, to.y)
        return Box.from_bounds(left, top, min(self.right, to.right), min(self.bottom, to.bottom))

    def moved(self, dx: int, dy: int) -> Box:
        """The box shifted by (dx, dy)."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)


def margin_pixels(selection: Box, share: float) -> int:
    """The context margin in pixels: `share` of the selection's long side, rounded up."""
    return math.ceil(selection.long_side * share)


def context_box(selection: Box, content: Box, share: float) -> Box:
    """What has to travel and be computed: the selection's box, grown by the margin, inside the content."""
    inside = selection.clipped(content)
    return inside.grown(margin_pixels(inside, share)).clipped(content) if inside else inside
