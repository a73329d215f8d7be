"""A problem whose content has the styles' colours before anything is compared."""

from __future__ import annotations

from dataclasses import replace

import torch

from ...problem import Problem
from ..neighbours.colors import Palette, mixture, recolored

LEAST = 1e-9  # mass that a style without any counts as


def recolored_problem(problem: Problem, strength: float) -> Problem:
    """`problem` with its content in its styles' colours, as far as `strength` (0 … 1) goes and its regions are visible.

    Colours are those that styles tell of themselves, so that a style needs no picture. Without this statistics keep
    much of the photograph's colours, and pay for the rest in grain.
    """
    regions, content = problem.regions, problem.content
    shares, visible = regions.shares, regions.visible
    palettes = [Palette(*(t.double().to(content.device) for t in s.source.colors())) for s in problem.styles]
    out, total = torch.zeros_like(content), torch.zeros_like(visible)
    for region in range(max(regions.region_of) + 1):
        of = [i for i, r in enumerate(regions.region_of) if r == region]
        where = shares[of].sum(0)
        weight = where * visible
        if not float(weight.sum()) > 0:
            continue
        wanted = mixture([palettes[i] for i in of], [max(float((shares[i] * visible).sum()), LEAST) for i in of])
        out += where * recolored(content, Palette.of(content, weight), wanted)
        total += where
    colored = torch.where(total > 0, out / total.clamp_min(1e-6), content)
    return replace(problem, content=torch.lerp(content, colored, strength * visible))
