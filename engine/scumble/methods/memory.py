"""The size of a run under a memory plan, whichever the method; each method knows what it takes for a pixel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import DEPTH_BYTES
from ..wire.request.choices import SEAMLESS
from ..wire.request.request import Request

if TYPE_CHECKING:
    from .base import Plan

SHRINK = 0.7  # of the working size, for each level of a plan
LARGE = 50_000_000  # pixels: some 2 GB where all of them are held as floats
PAINTED_SIDE = 3072  # pixels of the long side at which a larger picture is painted
LAYERS, ENLARGED_BYTES = (
    2,
    60,
)  # a large picture's layer, and its bytes while they are stored; a pixel of what is painted
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
    styles = sum(f.width * f.height for f in formats if f) * STYLE_BYTES
    raw, each = request.content.raw, RESULT_BYTES + masks * MASK_BYTES
    if not is_large(raw.width, raw.height):
        return raw.nbytes + content * each + styles
    stored = raw.nbytes + content * (LAYERS * 4 * DEPTH_BYTES[raw.depth] + 2 * masks)
    return stored + pixels_of(request) * (each + ENLARGED_BYTES) + styles


def pixels_of(request: Request) -> int:
    """How many pixels are computed at the finest scale, at most."""
    if request.content is None:
        return 0
    width, height = sides_of(request)
    across, down = SEAMLESS[request.seamless]
    return (width + 2 * rim_of(width) * across) * (height + 2 * rim_of(height) * down)


def sides_of(request: Request) -> tuple[int, int]:
    """Width and height that are computed, of a request with a content."""
    assert request.content is not None
    width, height = request.content.raw.width, request.content.raw.height
    if is_large(width, height):
        by = factor_of(width, height)
        width, height = -(-width // by), -(-height // by)
    factor = min(1.0, request.size / max(width, height)) if request.size else 1.0
    return round(width * factor), round(height * factor)


def is_large(width: int, height: int) -> bool:
    """Whether a picture is painted smaller and enlarged in strips."""
    return width * height > LARGE


def factor_of(width: int, height: int) -> int:
    """By which whole factor a large picture is made smaller."""
    return -(-max(width, height) // PAINTED_SIDE)


def rim_of(side: int) -> int:
    """How many pixels of its copies a picture that is to tile is painted with, before and after a side of so many."""
    return min(side, max(RIM, side // 16))
