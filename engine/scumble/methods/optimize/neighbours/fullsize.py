"""Pictures larger than what is painted over: painted small, and brought to their own size in bands of rows.

Whatever the picture's size, what lies between takes the memory of the small one; of the large one there are only the
content, the shares and the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from ....networks.enlarge import Enlarged
from ....styles.source import resized
from ...colors import RegionColors
from ...problem import Problem
from ..course import FINEST
from .subject import in_colors

ROWS = 1 << 19  # pixels that are enlarged at once


def reduced(problem: Problem) -> Problem:
    """`problem` at the size up to which it is painted over; itself where it is no larger."""
    height, width = problem.content.shape[-2:]
    ratio = FINEST / (height * width) ** 0.5
    if ratio >= 1:
        return problem
    size = (max(1, round(height * ratio)), max(1, round(width * ratio)))
    return replace(
        problem,
        content=resized(problem.content, size).contiguous(),
        regions=problem.regions.resized(size),
        canvas_side=problem.canvas_side * ratio,
    )


def enlarged(
    painted: Tensor, small: Problem, problem: Problem, colors: RegionColors, strength: float, check: Callable[[], None]
) -> Tensor:
    """`painted`, which is of `small`'s size, at the size of `problem`: strokes smoothly, the content's edges crisply.

    Raises what `check` does, which is asked before each band.
    """
    content, regions, amount = problem.content, problem.regions, problem.strength(strength)
    height, width = content.shape[-2:]
    way = Enlarged(painted, in_colors(small.content, small.regions, colors, small.strength(strength)), (height, width))
    out, rows = torch.empty_like(content), max(1, ROWS // width)
    for top in range(0, height, rows):
        check()
        bottom = min(height, top + rows)
        own, here = content[..., top:bottom, :], regions.rows(top, bottom)
        far = amount[..., top:bottom, :] if isinstance(amount, Tensor) else amount
        part = way.rows(top, bottom, in_colors(own, here, colors, far))
        cover = ((here.shares * here.visible).sum(0) > 0).to(part)
        out[..., top:bottom, :] = torch.lerp(own, part, cover)  # where there is no style there is no paint
    return out
