"""The memory of an optimization, before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...wire.protocol.errors import ScumbleError
from ...wire.request.request import Request
from ..memory import pixels_of

if TYPE_CHECKING:
    from ...features.encoder import Encoder, Saving
    from ..base import Plan

# Bytes for each pixel of the picture in fp32, whole, by blocks and in tiles: the slopes of docs/measurements.md,
# rounded up, times 1.17 for the rim that is computed around it.
SAVINGS: tuple[Saving, ...] = ("off", "blocks", "tiles")
BYTES_PER_PIXEL = {"slim": (1800, 1350, 450), "vgg19": (2600, 1700, 1200), "vgg16": (2600, 1700, 1200)}
OVERHEAD, TILE_PIXELS = 700_000_000, 672 * 672  # what any takes; a tile with its halo
CHOSEN: dict[str, Saving] = {"on": "blocks", "off": "off", "tiles": "tiles"}  # by the option
# Neighbours look with all of the network at `DEEP` pixels, or at the whole where that is `SMALL` at most; what is more
# is painted over, up to `PAINTED`. As measured with slim in fp32, where freed blocks go back at once; those that are
# kept fall into pieces. Checkpointing would save nothing: columns hold every map anyway.
DEEP, SMALL, PAINTED = 512 * 512, 640 * 640, 2100 * 2100
NEIGHBOURS_OVERHEAD, DEEP_BYTES, PAINTED_BYTES, ANOTHER_STYLE = 100_000_000, 2200, 300, 60_000_000
IN_PIECES = 1.35


def estimate(request: Request) -> int:
    """Bytes that a run takes at its peak, roughly."""
    return _peak(request, request.model, pixels_of(request), "off")


def least(request: Request) -> int:
    """As `estimate`, where time is traded for memory."""
    pixels = pixels_of(request)
    return min(_peak(request, request.model, pixels, saving) for saving in SAVINGS)


def saving_for(request: Request, plan: Plan, encoder: Encoder, pixels: int) -> Saving:
    """How to trade time for memory for a picture of `pixels`. Raises `memory` when nothing would fit."""
    peaks = {saving: _peak(request, encoder.name, pixels, saving) for saving in SAVINGS}
    frugal = min(SAVINGS, key=lambda saving: peaks[saving])
    if plan.bytes_free and peaks[frugal] > plan.bytes_free:
        raise ScumbleError(
            "memory", reason=f"about {peaks[frugal] / 1e9:.1f} GB of {plan.bytes_free / 1e9:.1f} GB free"
        )
    if request.checkpointing != "auto":
        return CHOSEN[request.checkpointing]
    if request.objective == "neighbours":
        return "off"
    if plan.level > 0:
        return frugal
    room = 0.8 * plan.bytes_free
    return next((s for s in SAVINGS if not room or peaks[s] <= room), frugal)


def _peak(request: Request, network: str, pixels: int, saving: Saving) -> int:
    each = BYTES_PER_PIXEL.get(network, BYTES_PER_PIXEL["vgg19"])
    if request.objective != "neighbours":
        tile = TILE_PIXELS * each[0] if saving == "tiles" else 0
        return OVERHEAD + tile + pixels * each[SAVINGS.index(saving)]
    deep = pixels if pixels <= SMALL else DEEP
    wide = deep * DEEP_BYTES * each[0] / BYTES_PER_PIXEL["slim"][0]
    styles = ANOTHER_STYLE * max(0, len(request.styles) - 1)
    held = NEIGHBOURS_OVERHEAD + styles + wide + max(0, min(pixels, PAINTED) - deep) * PAINTED_BYTES
    return int(held * IN_PIECES if saving == "off" else held)
