"""A problem whose content has the styles' colours before anything is compared."""

from __future__ import annotations

from dataclasses import replace

import torch

from ...colors import Palette, colored_by_regions
from ...problem import Problem


def recolored_problem(problem: Problem, strength: float) -> Problem:
    """`problem` with its content in its styles' colours, as far as `strength` (0 … 1) goes and its regions are visible.

    Colours are those that styles tell of themselves, so that a style needs no picture. Without this statistics keep
    much of the photograph's colours, and pay for the rest in grain.
    """
    content, visible = problem.content, problem.regions.visible
    palettes = [Palette(*(t.double().to(content.device) for t in s.source.colors())) for s in problem.styles]
    colored, _ = colored_by_regions(content, problem.regions, palettes)
    return replace(problem, content=torch.lerp(content, colored, problem.strength(strength) * visible))
