"""What is painted where only colours and light of it will be seen. Free of torch: what a run costs goes by it."""

from __future__ import annotations

from dataclasses import replace

from ...wire.request.request import Request


def without_strokes(request: Request) -> Request:
    """`request` with as much less paint over its draft, and texture under it, as the result is to be photorealistic.

    Neither would be seen of a photograph's own texture, and a draft has the same colours in half of the time.
    """
    painted = 1 - request.photorealistic
    if painted >= 1:
        return request
    return replace(request, repaint=request.repaint * painted, texture=request.texture * painted)
