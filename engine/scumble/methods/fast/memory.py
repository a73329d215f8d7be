"""The memory of a pass, before it starts."""

from __future__ import annotations

from ...networks.painting import BAND
from ...wire.protocol.errors import ScumbleError
from ...wire.request.request import Request
from ..base import Plan
from ..memory import pixels_of

# As in docs/measurements.md, rounded up: what every pixel of the picture takes, and those of a band besides.
BYTES_PER_PIXEL, BYTES_PER_BAND_PIXEL, OVERHEAD = 45, 300, 250_000_000


def estimate(request: Request) -> int:
    """Bytes that a run takes at its peak where memory is plentiful, roughly."""
    pixels = pixels_of(request)
    return OVERHEAD + pixels * BYTES_PER_PIXEL + min(pixels, BAND) * BYTES_PER_BAND_PIXEL


def least(request: Request) -> int:
    """As `estimate`, in narrow bands."""
    return OVERHEAD + pixels_of(request) * BYTES_PER_PIXEL


def band_of(pixels: int, plan: Plan) -> int:
    """How many pixels of a picture are painted at once. Raises `memory`."""
    least = OVERHEAD + pixels * BYTES_PER_PIXEL
    if 0 < plan.bytes_free < least:
        raise ScumbleError("memory", reason=f"about {least / 1e9:.1f} GB of {plan.bytes_free / 1e9:.1f} GB free")
    scarce = 0 < plan.bytes_free < least + min(pixels, BAND) * BYTES_PER_BAND_PIXEL
    return BAND >> (2 * max(1, plan.level)) if plan.level or scarce else BAND
