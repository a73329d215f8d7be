"""The memory of an optimization, before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...wire.protocol.errors import ScumbleError
from ...wire.request.request import Request
from ..memory import pixels_of

if TYPE_CHECKING:
    from ...features.encoder import Encoder
    from ..base import Plan

# Bytes for each pixel of the picture in fp32, whole and checkpointed: the slopes of docs/measurements.md, rounded up,
# times 1.17 for the rim that is computed around it.
BYTES_PER_PIXEL = {"slim": (1800, 1350), "vgg19": (2600, 1700), "vgg16": (2600, 1700)}
OVERHEAD = 700_000_000
# Neighbours work with the network up to `DRAFTED` pixels, and beyond that paint over, up to `PAINTED`: as measured with
# slim in bf16, rounded up. What a style's views take does not depend on the picture.
DRAFTED, PAINTED = 1_210_000, 4_410_000
NEIGHBOURS_OVERHEAD, NEIGHBOURS_PER_PIXEL, PAINTING_PER_PIXEL = 400_000_000, 1100, 550  # beyond what is loaded


def estimate(request: Request) -> int:
    """Bytes that a run takes at its peak, roughly."""
    return _peak(request.objective, request.model, pixels_of(request), False)


def least(request: Request) -> int:
    """As `estimate`, where time is traded for memory."""
    return _peak(request.objective, request.model, pixels_of(request), True)


def wants_checkpointing(request: Request, plan: Plan, encoder: Encoder, pixels: int) -> bool:
    """Whether to trade time for memory for a picture of `pixels`. Raises `memory` when not even that would fit."""
    whole, frugal = (_peak(request.objective, encoder.name, pixels, saving) for saving in (False, True))
    if plan.bytes_free and frugal > plan.bytes_free:
        raise ScumbleError("memory", reason=f"about {frugal / 1e9:.1f} GB of {plan.bytes_free / 1e9:.1f} GB free")
    if request.checkpointing != "auto":
        return request.checkpointing == "on"
    return plan.level > 0 or (plan.bytes_free > 0 and whole > 0.8 * plan.bytes_free)


def _peak(objective: str, network: str, pixels: int, saving: bool) -> int:
    each = BYTES_PER_PIXEL.get(network, BYTES_PER_PIXEL["vgg19"])
    if objective != "neighbours":
        return OVERHEAD + pixels * each[int(saving)]
    wider = each[int(saving)] / BYTES_PER_PIXEL["slim"][0]
    drafted = min(pixels, DRAFTED) * NEIGHBOURS_PER_PIXEL * wider
    return NEIGHBOURS_OVERHEAD + int(drafted + max(0, min(pixels, PAINTED) - DRAFTED) * PAINTING_PER_PIXEL)
