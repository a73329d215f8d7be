"""At which scale *fast* paints. Free of torch: what a run costs goes by it."""

from __future__ import annotations

from collections.abc import Sequence

from ..wire.request.request import Request
from .memory import pixels_of, sides_of

SHORTEST, LONGEST = 256, 1024  # long sides of paintings, in pixels, whose strokes the painter knows
MOST_ENLARGED = 4.0  # times: a picture that is painted larger than it is, for fine strokes


def painting_scale(sides: Sequence[float]) -> float:
    """The scale at which the paintings' long sides come within what is known, the largest strokes first."""
    if max(sides) > LONGEST:
        return LONGEST / max(sides)
    return min(max(1.0, SHORTEST / min(sides)), LONGEST / max(sides), MOST_ENLARGED)


def painted_pixels(request: Request) -> int:
    """How many pixels *fast* paints of a picture, before it is brought to its size."""
    if request.content is None or not request.styles:
        return 0
    longest = max(request.content.raw.width, request.content.raw.height)
    side = (max(request.canvas) or longest) * max(sides_of(request)) / longest
    return round(pixels_of(request) * painting_scale([max(1e-6, side * s.stroke_size) for s in request.styles]) ** 2)
