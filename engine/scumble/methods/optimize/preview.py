"""Small pictures of a run under way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ...styles.statistics import resized


def preview_of(picture: Tensor, long_side: int) -> NDArray[np.uint8]:
    """A picture (1×3×H×W in [0, 1]) as H×W×3 bytes, its long side at most `long_side`."""
    height, width = picture.shape[-2:]
    factor = min(1.0, long_side / max(height, width))
    small = resized(picture.detach(), (max(1, round(height * factor)), max(1, round(width * factor))))
    rgb: NDArray[np.uint8] = (small[0].permute(1, 2, 0).float().cpu().numpy() * 255 + 0.5).astype(np.uint8)
    return rgb
