"""The memory of a pass, before it starts."""

from __future__ import annotations

from ...networks.painting import BAND, WHOLE
from ...wire.protocol.errors import ScumbleError
from ...wire.request.request import Request
from ..base import Plan
from ..memory import pixels_of

# In bands as in docs/measurements.md, rounded up; for whole pictures a cautious guess, not measured.
BYTES_PER_PIXEL, BYTES_PER_PIXEL_WHOLE, OVERHEAD = 80, 400, 300_000_000


def estimate(request: Request) -> int:
    """Bytes that a run takes at its peak where memory is plentiful, roughly."""
    pixels = pixels_of(request)
    return OVERHEAD + pixels * BYTES_PER_PIXEL + min(pixels, WHOLE) * BYTES_PER_PIXEL_WHOLE


def band_of(pixels: int, plan: Plan) -> int:
    """How many pixels of a picture a band covers; 0: as its size demands. Raises `memory`."""
    least = OVERHEAD + pixels * BYTES_PER_PIXEL
    if 0 < plan.bytes_free < least:
        raise ScumbleError("memory", reason=f"about {least / 1e9:.1f} GB of {plan.bytes_free / 1e9:.1f} GB free")
    scarce = 0 < plan.bytes_free < least + min(pixels, WHOLE) * BYTES_PER_PIXEL_WHOLE
    return BAND >> max(1, plan.level) if plan.level or scarce else 0
