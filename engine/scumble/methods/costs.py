"""What a run costs before it starts: its work, and bytes at its peak. Free of torch, since the engine's front asks."""

from __future__ import annotations

from ..wire.request.request import Request
from .memory import pictures_bytes, pixels_of
from .optimize.course import ROUNDS, Course
from .optimize.memory import estimate as optimize_bytes

# As in docs/measurements.md, rounded up: what every pixel of the picture takes, and those of a band besides.
FAST_BYTES_PER_PIXEL, FAST_BYTES_PER_BAND_PIXEL, FAST_OVERHEAD = 45, 300, 250_000_000
LOADED = 700_000_000  # bytes of a worker that has painted: torch and the networks
BAND = 1 << 20  # pixels that fast paints at once

# In pixels of a step: what any run costs, and each style beside the first, as a share of the rest.
BEGINNING, ANOTHER_STYLE = 400_000.0, 0.2
FAST_STEPS, OTHER_STEPS = 2.0, 1.4  # by how many steps a pass counts; coarser scales beside the finest one


def work_of(request: Request) -> float:
    """The work of a run, in pixels of a step of its method: how long that takes is learnt from runs that have ended."""
    pixels = pixels_of(request)
    if request.method == "fast":
        work = FAST_STEPS * pixels
    elif request.method == "optimize" and request.objective == "neighbours":
        work = Course.of(*_size(request, pixels), request).work(ROUNDS if request.repaint else 0)
    else:
        work = OTHER_STEPS * pixels * max(1, request.iterations)
    return BEGINNING + work * (1 + ANOTHER_STYLE * (max(1, len(request.styles)) - 1))


def bytes_of(request: Request) -> int:
    """Bytes that a worker holds at a run's peak where memory is plentiful, roughly: with all that it has loaded."""
    method = fast_bytes(request) if request.method == "fast" else optimize_bytes(request)
    return LOADED + method + pictures_bytes(request)


def fast_bytes(request: Request) -> int:
    """What the method fast takes of that."""
    pixels = pixels_of(request)
    return FAST_OVERHEAD + pixels * FAST_BYTES_PER_PIXEL + min(pixels, BAND) * FAST_BYTES_PER_BAND_PIXEL


def _size(request: Request, pixels: int) -> tuple[int, int]:
    """Height and width that are computed."""
    if request.content is None or not pixels:
        return 1, 1
    form = request.content.raw
    factor = (pixels / (form.width * form.height)) ** 0.5
    return max(1, round(form.height * factor)), max(1, round(form.width * factor))
