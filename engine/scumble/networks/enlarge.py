"""Enlarge a painting: its strokes as strokes, and with them, crisply, the content's own edges as far as they follow.

A guided filter's gain (He & Sun 2015, “Fast Guided Filter”) says how much a painting follows its content at a place;
the content's detail that the small picture lacks is added by that much. Deviations: the painting itself is enlarged
instead of its local means, so that no stroke is lost; what is faint in the detail, a photograph's grain, is left out.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .bicubic import enlarged_rows
from .coherent import Coherent

WINDOW = 5  # pixels of the small picture
FLAT = 1e-3  # variance below which a place has no edge to follow
FAINT = 0.015  # detail that is left out
LUMA = (0.299, 0.587, 0.114)


class Enlarged:
    """A small painting on its way to `height`×`width`, asked for in bands of rows."""

    def __init__(self, painted: Tensor, content: Tensor, size: tuple[int, int]) -> None:
        """`painted` and the `content` that it was painted from, 1×3×h×w both."""
        self.painted = Coherent(painted, size)
        self.maps, self.size = torch.cat([content, _gain(painted, content)], 1), size

    def rows(self, top: int, bottom: int, content: Tensor) -> Tensor:
        """The painting's rows [top, bottom), 1×3×n×W in [0, 1], from the full content's, in the styles' colours."""
        small, gain = torch.split(enlarged_rows(self.maps, self.size, top, bottom), [3, 1], 1)
        detail = content - small
        detail = detail - detail.clamp(-FAINT, FAINT)
        out: Tensor = self.painted.rows(top, bottom) + gain.clamp(0, 1) * detail
        return out.clamp_(0, 1)


def _gain(painted: Tensor, content: Tensor) -> Tensor:
    """How much the painting's luma follows the content's in each window, 1×1×h×w in [0, 1]."""
    luma = content.new_tensor(LUMA).view(1, 3, 1, 1)
    x, y = ((t * luma).sum(1, keepdim=True) for t in (content, painted))

    def mean(t: Tensor) -> Tensor:
        return F.avg_pool2d(t, WINDOW, 1, WINDOW // 2, count_include_pad=False)

    mx, my = mean(x), mean(y)
    return ((mean(x * y) - mx * my) / (mean(x * x) - mx * mx + FLAT)).clamp(0, 1)
