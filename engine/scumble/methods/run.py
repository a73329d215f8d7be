"""One run from the request to the layer: pictures in, region, method, layer out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from torch import Tensor

from ..features.registry import unload_encoders
from ..networks.painter import unload_painters
from ..picture import Picture, Region, find_region, keep_chroma, recolor
from ..picture.color import Floats, from_working, to_working
from ..picture.masks import mask_in
from ..styles.kept import forget_kept
from ..styles.library import shipped_names
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.notes import Note
from ..wire.request.choices import EVERYWHERE, NOT_SEAMLESS
from ..wire.request.geometry import Box
from ..wire.request.request import Request
from ..wire.request.style import Style
from .base import LoadPicture, Method, Outcome, Painted, Plan, Reporter
from .device import choose_device
from .large import is_large, paint_large
from .memory import fitting, frugal_size
from .photoreal.look import Look
from .photoreal.painting import without_strokes
from .photoreal.watching import Photographed
from .problem import PaintedStyle, Problem
from .regions import Regions
from .seamless import Tile
from .stylesources import needs_recoloring_after, region_ids, style_shares, style_sources
from .table import find_method
from .working import Working, to_tensor

__all__ = ["estimate", "run", "unload", "warm_up"]

OF_STROKES = ("style-predicted", "style-network", "strokes-limited")  # notes on what is not seen without strokes
WARM_SIDE = 64  # pixels


def run(request: Request, load: LoadPicture, report: Reporter, plan: Plan, *, photographed: bool = True) -> Outcome:
    """Carry out `request`; pictures come through `load`, progress goes to `report`.

    Not `photographed`: the layer is the painting however photorealistic it is to be, and its look comes beside it.
    Raises `ScumbleError` for everything that a user can cause, `cancelled` through `report.check`.
    """
    request.check_styles()
    method = find_method(request.method)
    request.check_method()
    if request.content is None:
        raise ScumbleError("picture-format", name="content", reason="it is missing", expected="a picture reference")
    report.check()
    asked = max(request.content.raw.width, request.content.raw.height) if not request.size else request.size
    fits = fitting(request, plan, getattr(method, "least", method.estimate))  # one of before `least` has none
    if is_large(request.content.raw.width, request.content.raw.height):
        return paint_large(request, load, report, plan, run, _place_in)
    plan = fits
    size = frugal_size(request, plan)
    report.preparing("pictures")
    content = load(request.content)
    selection = load(request.selection) if request.selection else None
    if request.where != EVERYWHERE:
        selection = _selected(request.where, content, selection)
    # What is to tile is the selection's own box: what lies around it is none of its copies.
    region = find_region(content, selection, request.margin if request.seamless == NOT_SEAMLESS else 0.0)
    device = choose_device(request.device if request.device != "auto" else plan.device)
    working = Working.of(region, size, device)
    problem = _problem(request, load, region, content, working)
    painted = _painted(method, problem, request, report, plan) if request.strength else Painted(working.content, 0)
    rgb, look = region.rgb, None  # without strength it is the content, whatever its size and alpha
    if request.strength:
        rgb = _recolored(request, working.restore(painted.picture), region)
        look = _look(request, painted.picture, rgb, problem, working)
        if look and photographed:
            rgb = look.laid_on(rgb, region.rgb, request.photorealistic, report.check)
        rgb = keep_chroma(rgb, region.rgb) if request.colors == "luminance" else rgb
    layer = region.layer(rgb)
    notes = (Note("memory-smaller", {"size": size}),) if 0 < size < asked else ()
    return Outcome(layer, painted.steps, painted.losses, str(device), painted.model, (*notes, *painted.notes), look)


def estimate(request: Request) -> int:
    """Bytes that `request` takes at its peak, roughly. Raises `method-unavailable`."""
    return find_method(request.method).estimate(request)


def warm_up(report: Reporter, plan: Plan) -> None:
    """Paint a tiny picture, so that all is loaded before the first one that somebody waits for. Raises as `run`."""
    picture = Picture(np.full((WARM_SIDE, WARM_SIDE, 4), 255, np.uint8))
    for method in ("fast", "optimize"):
        request = Request(method=method, styles=(Style(shipped_names()[0]),), content=picture.ref(), iterations=1)
        run(request.honoured(), lambda ref: picture, report, plan)


def unload() -> None:
    """Forget all networks, and what was made of pictures and kept; whoever needs it loads or makes it anew."""
    unload_encoders()
    unload_painters()
    forget_kept()


def _painted(method: Method, problem: Problem, request: Request, report: Reporter, plan: Plan) -> Painted:
    tile = Tile.of(problem.content, request.seamless)
    if request.photorealistic:
        report = Photographed(report, problem, request.photorealistic, request.seamless)
    painted = method.paint(tile.among_copies(problem), without_strokes(request), tile.watched(report), plan)
    closed = replace(painted, picture=tile.closed(painted.picture))
    if request.photorealistic < 1:
        return closed
    return replace(closed, notes=tuple(n for n in painted.notes if n.code not in OF_STROKES))


def _problem(request: Request, load: LoadPicture, region: Region, content: Picture, working: Working) -> Problem:
    find = partial(_place if request.frame is None else _place_if_any, content, region.box)
    shares = style_shares(request.styles, load, region.box, find)
    device = working.content.device
    opaque = region.alpha.min() >= 1
    visible = to_tensor(region.selection if opaque else region.selection * region.alpha, device)
    regions = working.fit_regions(Regions(to_tensor(shares, device), region_ids(request.styles), visible))
    sources = style_sources(request, load, region, shares, device)
    styles = [
        PaintedStyle(s, o.stroke_size, o.strength, o.content_weight)
        for s, o in zip(sources, request.styles, strict=True)
    ]
    side = max(request.canvas) or max(content.width, content.height)
    spared = _spared(request, content, region, working)
    return Problem(working.content, regions, styles, side * working.factor, spared)


def _selected(where: str, content: Picture, selection: Picture | None) -> Picture:
    """The part of the selection that lies in the named place. Raises `place-missing` and what finds it does."""
    mask = _place(content, content.box, where)
    if selection is not None:
        mask = mask * mask_in(selection, content.box)
    return Picture(from_working(mask, "u16")[..., None], x=content.x, y=content.y)


def _place(content: Picture, box: Box, name: str) -> Floats:
    """A place's mask over `box`; it is looked for in all that is there of the content."""
    from .places.find import find_place  # with SciPy's images: a third of a second that most pictures do not need

    at = box.moved(-content.x, -content.y)
    return find_place(name, to_working(content)[0])[at.y : at.bottom, at.x : at.right]


def _place_if_any(content: Picture, box: Box, name: str) -> Floats:
    """The same; nothing where it is not: a frame of many, in which other styles have their places."""
    try:
        return _place(content, box, name)
    except ScumbleError as e:
        if e.code != "place-missing":
            raise
        return np.zeros((box.height, box.width), np.float32)


def _place_in(name: str, content: Picture) -> Floats:
    return _place(content, content.box, name)


def _spared(request: Request, content: Picture, region: Region, working: Working) -> Tensor | None:
    """How far faces are kept, 1×1×h×w over the working form; None where there are none, or none are kept."""
    if not request.keep_faces:
        return None
    try:
        mask = request.keep_faces * _place(content, region.box, "faces")
    except ScumbleError as e:
        if e.code != "place-missing":
            raise
        return None
    return working.fit(to_tensor(mask, working.content.device))


def _recolored(request: Request, rgb: Floats, region: Region) -> Floats:
    """The content's palette, where the result is given it and not the style picture."""
    if not needs_recoloring_after(request):
        return rgb
    weight = region.selection * region.alpha
    return recolor(rgb, region.rgb, weight, weight, request.colors)


def _look(request: Request, painted: Tensor, rgb: Floats, problem: Problem, working: Working) -> Look | None:
    """What is photorealistic of a painting, in the colours `rgb` where it was recoloured."""
    if not request.photorealistic:
        return None
    photo, painted = working.inner(problem.content), working.inner(painted)
    if needs_recoloring_after(request):
        painted = working.fit_colors(rgb)
    regions = working.inner_regions(problem.regions)
    spared = None if problem.spared is None else working.inner(problem.spared)
    return Look.of(photo, painted, regions, spared, request.seamless)
