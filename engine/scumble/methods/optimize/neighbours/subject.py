"""What neighbours are to paint, made from a problem: one palette for each region, shares, and paints."""

from __future__ import annotations

import torch
from torch import Tensor

from ...colors import Palette, colored_by_regions, recolored
from ...problem import PaintedStyle, Problem
from ..views import Paint
from .scene import Subject

OWN = 2.0  # the outer part of a feather, up to 1/OWN, goes over to the content's own colours
LARGEST = 2048  # pixels of a style's long side: more is never looked at


def subject_of(problem: Problem, strength: float) -> Subject:
    """The problem's content in the styles' colours, as far as `strength` goes, and the styles as paint.

    Styles of one region share a palette between theirs. In the outer part of a feather colours go over to the
    content's own, so that nothing pale or dark lies around what it spares.
    """
    regions, content = problem.regions, problem.content
    paints = [_paint(style, problem.canvas_side) for style in problem.styles]
    palettes = [Palette.of(p.pixels, p.coverage[0, 0]) for p in paints]
    colored, wanted = colored_by_regions(content, regions, palettes)
    paints = [
        p if other is None else Paint(recolored(p.pixels, own, other), p.coverage, p.side)
        for p, own, other in zip(paints, palettes, wanted, strict=True)
    ]
    seen = (OWN * regions.visible).clamp(0, 1)
    return Subject(torch.lerp(content, colored, strength * seen), content, regions.shares * regions.visible, paints)


def _paint(style: PaintedStyle, canvas_side: float) -> Paint:
    side = canvas_side * style.stroke_size
    picture = style.source.picture(min(side, LARGEST))
    assert picture is not None
    if picture.native < max(picture.pixels.shape[-2:]):  # enlarging waits until a part of it is needed
        picture = style.source.picture(picture.native) or picture
    return Paint(picture.pixels, picture.coverage, side)


def spread(shares: Tensor) -> Tensor:
    """Shares K×H×W that add up to 1 everywhere: where there is no style, all alike."""
    total = shares.sum(0)
    return torch.where(total > 0, shares / total.clamp_min(1e-9), shares.new_tensor(1 / len(shares)))
