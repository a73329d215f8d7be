"""The memory of an optimization, before it starts."""

from __future__ import annotations

from ...features.encoder import Encoder
from ...wire.errors import ScumbleError
from ...wire.request import Request
from ..base import Plan
from ..memory import pixels_of

# Bytes for each pixel of the picture in fp32, whole and checkpointed: the slopes of docs/measurements.md, rounded up,
# times 1.17 for the rim that is computed around it.
BYTES_PER_PIXEL = {"slim": (1800, 1350), "vgg19": (2600, 1700), "vgg16": (2600, 1700)}
OVERHEAD = 700_000_000


def estimate(request: Request) -> int:
    """Bytes that a run takes at its peak, roughly."""
    return _peak(pixels_of(request), BYTES_PER_PIXEL[request.model][0])


def wants_checkpointing(request: Request, plan: Plan, encoder: Encoder, pixels: int) -> bool:
    """Whether to trade time for memory for a picture of `pixels`. Raises `memory` when not even that would fit."""
    whole, frugal = BYTES_PER_PIXEL.get(encoder.name, BYTES_PER_PIXEL["vgg19"])
    if plan.bytes_free and _peak(pixels, frugal) > plan.bytes_free:
        need, have = _peak(pixels, frugal) / 1e9, plan.bytes_free / 1e9
        raise ScumbleError("memory", reason=f"about {need:.1f} GB of {have:.1f} GB free")
    if request.checkpointing != "auto":
        return request.checkpointing == "on"
    return plan.level > 0 or (plan.bytes_free > 0 and _peak(pixels, whole) > 0.8 * plan.bytes_free)


def _peak(pixels: int, each: int) -> int:
    return OVERHEAD + pixels * each
