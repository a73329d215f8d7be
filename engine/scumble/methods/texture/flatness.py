"""Where a picture is flat: sky, paper, shadow. There the content tells a painter nothing, and the style's own texture
may be laid in."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from ...styles.source import resized
from ..pixels import luma

SIDE = 128  # pixels of the long side at which it is measured
WINDOW = 9  # pixels over which the spread is taken
QUIET, BUSY = 0.015, 0.075  # spreads of luma: flat up to the first, structured from the second on


def flatness(content: Tensor) -> Tensor:
    """1×1×H×W in [0, 1] for `content` 1×3×H×W: 1 where nothing is to be seen, 0 on edges and in detail."""
    height, width = content.shape[-2:]
    ratio = min(1.0, SIDE / max(height, width))
    small = resized(luma(content), (max(8, round(height * ratio)), max(8, round(width * ratio))))
    spread = (_mean(small * small) - _mean(small) ** 2).clamp_min(0).sqrt()
    busy = ((spread - QUIET) / (BUSY - QUIET)).clamp(0, 1)
    busy = F.max_pool2d(F.pad(busy, (1,) * 4, mode="replicate"), 3, 1)
    busy = F.avg_pool2d(F.pad(busy, (2,) * 4, mode="replicate"), 5, 1)
    return 1 - F.interpolate(busy, size=(height, width), mode="bilinear")


def _mean(t: Tensor) -> Tensor:
    r = min(WINDOW // 2, min(t.shape[-2:]) - 1)
    return F.avg_pool2d(F.pad(t, (r,) * 4, mode="reflect"), 2 * r + 1, 1)
