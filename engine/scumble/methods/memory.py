"""The size of a run under a memory plan, whichever the method; each method knows what it takes for a pixel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..wire.protocol.errors import ScumbleError
from ..wire.request.choices import SEAMLESS
from ..wire.request.request import Request

if TYPE_CHECKING:
    from .base import Plan

SHRINK = 0.7  # of the working size, for each level of a plan
RIM = 64  # pixels: what lies further away has hardly any influence
LEVELS = 5  # what is left of the size beyond is no picture of anything
SMALLEST = 64  # pixels
# Bytes a pixel at full size, besides what the methods count: a content's result; a mask and its share; a style.
RESULT_BYTES, MASK_BYTES, STYLE_BYTES = 16, 28, 30


def frugal_size(request: Request, plan: Plan) -> int:
    """The working long side under `plan`: from level 1 on smaller than asked for."""
    if plan.level < 1 or request.content is None:
        return request.size
    longest = max(request.content.raw.width, request.content.raw.height)
    full = min(request.size or longest, longest)
    return min(full, max(SMALLEST, int(full * SHRINK**plan.level)))


def fitting(request: Request, plan: Plan, least: Callable[[Request], int]) -> Plan:
    """`plan`, or a more frugal one under which `request` fits into the memory that is free.

    It goes by sizes alone, before a picture is decoded; `least` tells the bytes that the method takes where it saves.
    Raises `memory` where nothing would fit.
    """
    if not plan.bytes_free or request.content is None:
        return plan
    pictures = pictures_bytes(request)
    for level in range(plan.level, max(LEVELS, plan.level + 1)):
        tried = replace(plan, level=level)
        needed = pictures + least(replace(request, size=frugal_size(request, tried)))
        if needed <= plan.bytes_free:
            return tried
    raise ScumbleError("memory", reason=f"about {needed / 1e9:.1f} GB of {plan.bytes_free / 1e9:.1f} GB free")


def pictures_bytes(request: Request) -> int:
    """What the pictures and masks of a request take at full size, whatever is computed from them."""
    if request.content is None:
        return 0
    content = request.content.raw.width * request.content.raw.height
    masks = sum(s.mask is not None for s in request.styles) + (request.selection is not None)
    formats = [s.picture.format for s in request.styles if s.picture]
    styles = sum(f.width * f.height for f in formats if f)
    return request.content.raw.nbytes + content * (RESULT_BYTES + masks * MASK_BYTES) + styles * STYLE_BYTES


def pixels_of(request: Request) -> int:
    """How many pixels are computed at the finest scale, at most."""
    if request.content is None:
        return 0
    width, height = request.content.raw.width, request.content.raw.height
    factor = min(1.0, request.size / max(width, height)) if request.size else 1.0
    across, down = SEAMLESS[request.seamless]
    sides = round(width * factor), round(height * factor)
    return (sides[0] + 2 * rim_of(sides[0]) * across) * (sides[1] + 2 * rim_of(sides[1]) * down)


def rim_of(side: int) -> int:
    """How many pixels of its copies a picture that is to tile is painted with, before and after a side of so many."""
    return min(side, max(RIM, side // 16))
