"""What neighbours are to paint, made from a problem: one palette for each region, shares, and paints."""

from __future__ import annotations

import torch
from torch import Tensor

from ...colors import Palette, RegionColors, recolored
from ...problem import Amount, Problem
from ...regions import Regions
from ...texture.views import Paint, paint_of
from .scene import Subject

OWN = 2.0  # the outer part of a feather, up to 1/OWN, goes over to the content's own colours


def subject_of(problem: Problem, strength: Amount, similarity: Amount) -> tuple[Subject, RegionColors]:
    """The problem's content in the styles' colours, as far as `strength` goes, and the styles as paint; the colours.

    Both amounts may differ from pixel to pixel.
    Styles of one region share a palette between theirs. In the outer part of a feather colours go over to the
    content's own, so that nothing pale or dark lies around what it spares.
    """
    regions, content = problem.regions, problem.content
    paints = [p for s in problem.styles if (p := paint_of(s.source, problem.canvas_side * s.stroke_size))]
    assert len(paints) == len(problem.styles)  # who has none is painted from statistics
    palettes = [Palette.of(p.pixels, p.coverage[0, 0]) for p in paints]
    colors = RegionColors.of(content, regions, palettes)
    paints = [
        p if other is None else Paint(recolored(p.pixels, own, other), p.coverage, p.side)
        for p, own, other in zip(paints, palettes, colors.wanted, strict=True)
    ]
    colored = in_colors(content, regions, colors, strength)
    return Subject(colored, content, regions.shares * regions.visible, paints, strength, similarity), colors


def in_colors(content: Tensor, regions: Regions, colors: RegionColors, strength: Amount) -> Tensor:
    """`content` (1×3×H×W) in the colours that its regions are to have, as far as `strength` and what is visible go."""
    colored = colors.apply(content, regions.of_region())
    return torch.lerp(content, colored, strength * (OWN * regions.visible).clamp(0, 1))


def spread(shares: Tensor) -> Tensor:
    """Shares K×H×W that add up to 1 everywhere: where there is no style, all alike."""
    total = shares.sum(0)
    return torch.where(total > 0, shares / total.clamp_min(1e-9), shares.new_tensor(1 / len(shares)))
