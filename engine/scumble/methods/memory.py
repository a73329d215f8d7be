"""The memory of a run, before it starts."""

from __future__ import annotations

from ..features.encoder import Encoder
from ..networks.painting import BAND, WHOLE
from ..wire.errors import ScumbleError
from ..wire.request import Request
from .base import Plan

# Bytes for each pixel of the picture in fp32, whole and checkpointed: the slopes of docs/measurements.md, rounded up,
# times 1.17 for the rim that is computed around it.
BYTES_PER_PIXEL = {"slim": (1800, 1350), "vgg19": (2600, 1700), "vgg16": (2600, 1700)}
OVERHEAD = 700_000_000
# The fast method: in bands as in docs/measurements.md, rounded up; for whole pictures a cautious guess, not measured.
FAST_BYTES_PER_PIXEL, FAST_BYTES_PER_PIXEL_WHOLE, FAST_OVERHEAD = 80, 400, 300_000_000
SHRINK = 0.7  # of the working size, for each level beyond checkpointing


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


def estimate(request: Request, checkpointed: bool = False) -> int:
    """Bytes that a run takes at its peak, roughly."""
    return _peak(pixels_of(request), BYTES_PER_PIXEL[request.model][int(checkpointed)])


def fast_band(pixels: int, plan: Plan) -> int:
    """How many pixels of a picture a band of the fast method covers; 0: as its size demands. Raises `memory`."""
    least = FAST_OVERHEAD + pixels * FAST_BYTES_PER_PIXEL
    if 0 < plan.bytes_free < least:
        raise ScumbleError("memory", reason=f"about {least / 1e9:.1f} GB of {plan.bytes_free / 1e9:.1f} GB free")
    scarce = 0 < plan.bytes_free < least + min(pixels, WHOLE) * FAST_BYTES_PER_PIXEL_WHOLE
    return BAND >> max(1, plan.level) if plan.level or scarce else 0


def _peak(pixels: float, each: int) -> int:
    return OVERHEAD + int(pixels * each)


def wants_checkpointing(request: Request, plan: Plan, encoder: Encoder, size: tuple[int, int]) -> bool:
    """Whether to trade time for memory. Raises `memory` when not even that would fit."""
    whole, frugal = BYTES_PER_PIXEL.get(encoder.name, BYTES_PER_PIXEL["vgg19"])
    pixels = min(size[0] * size[1], pixels_of(request)) * (SHRINK ** (2 * max(0, plan.level - 1)))
    if plan.bytes_free and _peak(pixels, frugal) > plan.bytes_free:
        need, have = _peak(pixels, frugal) / 1e9, plan.bytes_free / 1e9
        raise ScumbleError("memory", reason=f"about {need:.1f} GB of {have:.1f} GB free")
    if request.checkpointing != "auto":
        return request.checkpointing == "on"
    return plan.level > 0 or (plan.bytes_free > 0 and _peak(pixels, whole) > 0.8 * plan.bytes_free)
