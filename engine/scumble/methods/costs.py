"""What a run costs before it starts: its work, and bytes at its peak. Free of torch, since the engine's front asks."""

from __future__ import annotations

from ..wire.request.request import Request
from .memory import pictures_bytes, pixels_of
from .optimize.course import ROUNDS, Course
from .optimize.memory import estimate as optimize_bytes
from .photoreal.painting import without_strokes
from .scale import painted_pixels

# As in docs/measurements.md, rounded up: for each pixel of the picture; of what is painted, which may be smaller; of a
# band of that. Then what any run takes, with a texture; each further style; and a band that is enlarged.
FAST_PIXEL, FAST_PAINTED, FAST_BANDED = 15, 75, 55
FAST_OVERHEAD, FAST_STYLE, FAST_ENLARGING = 150_000_000, 40_000_000, 150_000_000
LOADED = 700_000_000  # bytes of a worker that has painted: torch and the networks
BAND, NARROW = 1 << 20, 1 << 18  # pixels that fast paints at once; where memory is scarce

# In pixels of a step: what any run costs, and each style beside the first, as a share of the rest.
BEGINNING, ANOTHER_STYLE = 400_000.0, 0.2
FAST_STEPS, OTHER_STEPS = 2.0, 1.4  # by how many steps a pass counts; coarser scales beside the finest one


def work_of(request: Request) -> float:
    """The work of a run, in pixels of a step of its method: how long that takes is learnt from runs that have ended."""
    request, pixels = without_strokes(request), pixels_of(request)
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


def fast_bytes(request: Request, band: int = BAND) -> int:
    """What the method fast takes of that, in bands of so many pixels."""
    pixels, painted = pixels_of(request), painted_pixels(request)
    styles = FAST_STYLE * max(0, len(request.styles) - 1)
    enlarging = FAST_ENLARGING if painted < pixels else 0
    each = pixels * FAST_PIXEL + painted * FAST_PAINTED + min(painted, band) * FAST_BANDED
    return FAST_OVERHEAD + styles + enlarging + each


def _size(request: Request, pixels: int) -> tuple[int, int]:
    """Height and width that are computed."""
    if request.content is None or not pixels:
        return 1, 1
    form = request.content.raw
    factor = (pixels / (form.width * form.height)) ** 0.5
    return max(1, round(form.height * factor)), max(1, round(form.width * factor))
