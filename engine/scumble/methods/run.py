"""One run from the request to the layer: pictures in, region, method, layer out."""

from __future__ import annotations

import numpy as np

from ..picture import Picture, Region, find_region, keep_chroma, recolor
from ..picture.color import Floats
from ..styles.library import shipped_names
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.notes import Note
from ..wire.request.request import Request
from ..wire.request.style import Style
from .base import LoadPicture, Outcome, Plan, Reporter
from .device import choose_device
from .memory import fitting, frugal_size
from .problem import PaintedStyle, Problem
from .regions import Regions
from .stylesources import needs_recoloring_after, region_ids, style_shares, style_sources
from .table import find_method
from .working import Working, to_tensor

__all__ = ["estimate", "run", "warm_up"]

WARM_SIDE = 64  # pixels


def run(request: Request, load: LoadPicture, report: Reporter, plan: Plan) -> Outcome:
    """Carry out `request`; pictures come through `load`, progress goes to `report`.

    Raises `ScumbleError` for everything that a user can cause, `cancelled` through `report.check`.
    """
    request.check_styles()
    method = find_method(request.method)
    request.check_method()
    if request.content is None:
        raise ScumbleError("picture-format", name="content", reason="it is missing", expected="a picture reference")
    report.check()
    asked = max(request.content.raw.width, request.content.raw.height) if not request.size else request.size
    plan = fitting(request, plan, getattr(method, "least", method.estimate))  # one of before `least` has none
    size = frugal_size(request, plan)
    content = load(request.content)
    selection = load(request.selection) if request.selection else None
    region = find_region(content, selection, request.margin)
    device = choose_device(request.device if request.device != "auto" else plan.device)
    working = Working.of(region, size, device)
    problem = _problem(request, load, region, content, working)
    painted = method.paint(problem, request, report, plan)
    rgb = _recolored(request, working.restore(painted.picture), region) if request.strength else region.rgb
    layer = region.layer(rgb)  # without strength it is the content, whatever its size and alpha
    notes = (Note("memory-smaller", {"size": size}),) if 0 < size < asked else ()
    return Outcome(layer, painted.steps, painted.losses, str(device), painted.model, (*notes, *painted.notes))


def estimate(request: Request) -> int:
    """Bytes that `request` takes at its peak, roughly. Raises `method-unavailable`."""
    return find_method(request.method).estimate(request)


def warm_up(report: Reporter, plan: Plan) -> None:
    """Paint a tiny picture, so that the first one that somebody waits for finds all loaded. Raises what `run` does."""
    picture = Picture(np.full((WARM_SIDE, WARM_SIDE, 4), 255, np.uint8))
    for method in ("fast", "optimize"):
        request = Request(method=method, styles=(Style(shipped_names()[0]),), content=picture.ref(), iterations=1)
        run(request.honoured(), lambda ref: picture, report, plan)


def _problem(request: Request, load: LoadPicture, region: Region, content: Picture, working: Working) -> Problem:
    shares = style_shares(request.styles, load, region.box)
    device = working.content.device
    opaque = region.alpha.min() >= 1
    visible = to_tensor(region.selection if opaque else region.selection * region.alpha, device)
    regions = working.fit_regions(Regions(to_tensor(shares, device), region_ids(request.styles), visible))
    sources = style_sources(request, load, region, shares, device)
    styles = [PaintedStyle(s, o.stroke_size) for s, o in zip(sources, request.styles, strict=True)]
    side = max(request.canvas) or max(content.width, content.height)
    return Problem(working.content, regions, styles, side * working.factor)


def _recolored(request: Request, rgb: Floats, region: Region) -> Floats:
    """Original colours, as far as they are a matter of the result and not of the style picture."""
    if request.colors == "luminance":
        return keep_chroma(rgb, region.rgb)
    if needs_recoloring_after(request):
        weight = region.selection * region.alpha
        return recolor(rgb, region.rgb, weight, weight, request.colors)
    return rgb
