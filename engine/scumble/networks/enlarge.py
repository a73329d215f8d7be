"""Enlarge a painting: its strokes smoothly, and with them, crisply, the content's own edges as far as they follow.

A guided filter's gain (He & Sun 2015, “Fast Guided Filter”) says how much a painting follows its content at a place;
the content's detail that the small picture lacks is added by that much. Deviations: the painting itself is interpolated
instead of its local means, so that no stroke is lost; what is faint in the detail, a photograph's grain, is left out.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

WINDOW = 5  # pixels of the small picture
FLAT = 1e-3  # variance below which a place has no edge to follow
FAINT = 0.015  # detail that is left out
LUMA = (0.299, 0.587, 0.114)


class Enlarged:
    """A small painting on its way to `height`×`width`, asked for in bands of rows."""

    def __init__(self, painted: Tensor, content: Tensor, size: tuple[int, int]) -> None:
        """`painted` and the `content` that it was painted from, 1×3×h×w both."""
        self.maps, self.size = torch.cat([painted, content, _gain(painted, content)], 1), size

    def rows(self, top: int, bottom: int, content: Tensor) -> Tensor:
        """The painting's rows [top, bottom), 1×3×n×W in [0, 1], from the full content's, in the styles' colours."""
        painted, small, gain = torch.split(_enlarged_rows(self.maps, self.size, top, bottom), [3, 3, 1], 1)
        detail = content - small
        detail = detail - detail.clamp(-FAINT, FAINT)
        out: Tensor = painted + gain.clamp(0, 1) * detail
        return out.clamp_(0, 1)


def _gain(painted: Tensor, content: Tensor) -> Tensor:
    """How much the painting's luma follows the content's in each window, 1×1×h×w in [0, 1]."""
    luma = content.new_tensor(LUMA).view(1, 3, 1, 1)
    x, y = ((t * luma).sum(1, keepdim=True) for t in (content, painted))

    def mean(t: Tensor) -> Tensor:
        return F.avg_pool2d(t, WINDOW, 1, WINDOW // 2, count_include_pad=False)

    mx, my = mean(x), mean(y)
    return ((mean(x * y) - mx * my) / (mean(x * x) - mx * mx + FLAT)).clamp(0, 1)


def _enlarged_rows(maps: Tensor, size: tuple[int, int], top: int, bottom: int) -> Tensor:
    """The rows [top, bottom) of `maps` at a larger size, bicubic: the same in whatever bands they are asked for."""
    height = maps.shape[-2]
    at = (torch.arange(top, bottom, device=maps.device, dtype=torch.float64) + 0.5) * height / size[0] - 0.5
    low = at.floor()
    weights = enumerate(_cubic((at - low).to(maps.dtype)[:, None]), -1)
    rows = torch.stack([maps[..., (low.long() + i).clamp(0, height - 1), :] * w for i, w in weights]).sum(0)
    return F.interpolate(rows, (bottom - top, size[1]), mode="bicubic")


def _cubic(t: Tensor) -> list[Tensor]:
    """The weights of the four nearest rows (Keys 1981, a = -0.75, as torch has it)."""
    a = -0.75
    near = [((a + 2) * d - (a + 3)) * d * d + 1 for d in (t, 1 - t)]
    far = [((a * d - 5 * a) * d + 8 * a) * d - 4 * a for d in (t + 1, 2 - t)]
    return [far[0], near[0], near[1], far[1]]
