"""The size of a run under a memory plan, whichever the method; each method knows what it takes for a pixel."""

from __future__ import annotations

from ..wire.request.request import Request
from .base import Plan

SHRINK = 0.7  # of the working size, for each level beyond the first, in which a method saves by itself


def frugal_size(request: Request, plan: Plan) -> int:
    """The working long side under `plan`: from level 2 on smaller than asked for."""
    if plan.level < 2 or request.content is None:
        return request.size
    full = request.size or max(request.content.raw.width, request.content.raw.height)
    return max(64, int(full * SHRINK ** (plan.level - 1)))


def pixels_of(request: Request) -> int:
    """How many pixels are computed at the finest scale, at most."""
    if request.content is None:
        return 0
    width, height = request.content.raw.width, request.content.raw.height
    factor = min(1.0, request.size / max(width, height)) if request.size else 1.0
    return round(width * factor) * round(height * factor)
