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
# Neighbours look with all of the network at `DEEP` pixels, or at the whole where that is `SMALL` at most; what is more
# is painted over, up to `PAINTED`. As measured with slim in fp32, where freed blocks go back at once; those that are
# kept fall into pieces. Checkpointing would save nothing: columns hold every map anyway.
DEEP, SMALL, PAINTED = 512 * 512, 640 * 640, 2100 * 2100
NEIGHBOURS_OVERHEAD, DEEP_BYTES, PAINTED_BYTES, ANOTHER_STYLE = 100_000_000, 2200, 300, 60_000_000
IN_PIECES = 1.35


def estimate(request: Request) -> int:
    """Bytes that a run takes at its peak, roughly."""
    return _peak(request, request.model, pixels_of(request), False)


def least(request: Request) -> int:
    """As `estimate`, where time is traded for memory."""
    return _peak(request, request.model, pixels_of(request), True)


def wants_checkpointing(request: Request, plan: Plan, encoder: Encoder, pixels: int) -> bool:
    """Whether to trade time for memory for a picture of `pixels`. Raises `memory` when not even that would fit."""
    whole, frugal = (_peak(request, encoder.name, pixels, saving) for saving in (False, True))
    if plan.bytes_free and frugal > plan.bytes_free:
        raise ScumbleError("memory", reason=f"about {frugal / 1e9:.1f} GB of {plan.bytes_free / 1e9:.1f} GB free")
    if request.checkpointing != "auto":
        return request.checkpointing == "on"
    if request.objective == "neighbours":
        return False
    return plan.level > 0 or (plan.bytes_free > 0 and whole > 0.8 * plan.bytes_free)


def _peak(request: Request, network: str, pixels: int, saving: bool) -> int:
    each = BYTES_PER_PIXEL.get(network, BYTES_PER_PIXEL["vgg19"])
    if request.objective != "neighbours":
        return OVERHEAD + pixels * each[int(saving)]
    deep = pixels if pixels <= SMALL else DEEP
    wide = deep * DEEP_BYTES * each[0] / BYTES_PER_PIXEL["slim"][0]
    styles = ANOTHER_STYLE * max(0, len(request.styles) - 1)
    held = NEIGHBOURS_OVERHEAD + styles + wide + max(0, min(pixels, PAINTED) - deep) * PAINTED_BYTES
    return int(held if saving else held * IN_PIECES)
