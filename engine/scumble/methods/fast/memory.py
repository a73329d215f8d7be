"""The memory of a pass, before it starts."""

from __future__ import annotations

from ...wire.protocol.errors import ScumbleError
from ...wire.request.request import Request
from ..base import Plan
from ..costs import BAND, NARROW, fast_bytes


def least(request: Request) -> int:
    """Bytes that a run takes at its peak in narrow bands, roughly."""
    return fast_bytes(request, NARROW)


def band_of(request: Request, plan: Plan) -> int:
    """How many pixels of a picture are painted at once. Raises `memory`."""
    if 0 < plan.bytes_free < least(request):
        needed, free = least(request) / 1e9, plan.bytes_free / 1e9
        raise ScumbleError("memory", reason=f"about {needed:.1f} GB of {free:.1f} GB free")
    scarce = 0 < plan.bytes_free < fast_bytes(request)
    return BAND >> (2 * max(1, plan.level)) if plan.level or scarce else BAND
