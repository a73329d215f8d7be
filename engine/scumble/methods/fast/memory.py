"""The memory of a pass, before it starts."""

from __future__ import annotations

from ...wire.protocol.errors import ScumbleError
from ...wire.request.request import Request
from ..base import Plan
from ..costs import BAND, FAST_BYTES_PER_BAND_PIXEL, FAST_BYTES_PER_PIXEL, FAST_OVERHEAD
from ..memory import pixels_of


def least(request: Request) -> int:
    """Bytes that a run takes at its peak in narrow bands, roughly."""
    return FAST_OVERHEAD + pixels_of(request) * FAST_BYTES_PER_PIXEL


def band_of(pixels: int, plan: Plan) -> int:
    """How many pixels of a picture are painted at once. Raises `memory`."""
    least = FAST_OVERHEAD + pixels * FAST_BYTES_PER_PIXEL
    if 0 < plan.bytes_free < least:
        raise ScumbleError("memory", reason=f"about {least / 1e9:.1f} GB of {plan.bytes_free / 1e9:.1f} GB free")
    scarce = 0 < plan.bytes_free < least + min(pixels, BAND) * FAST_BYTES_PER_BAND_PIXEL
    return BAND >> (2 * max(1, plan.level)) if plan.level or scarce else BAND
