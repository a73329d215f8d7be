"""Small pictures of a run under way."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..styles.source import resized


def preview_of(picture: Tensor, content: Tensor, visible: Tensor, long_side: int) -> NDArray[np.uint8]:
    """What will be seen, as H×W×3 bytes with a long side of at most `long_side`.

    `picture`, laid over `content` (both 1×3×H×W in [0, 1]) where it is `visible` (1×1×H×W in [0, 1]).
    """
    height, width = picture.shape[-2:]
    factor = min(1.0, long_side / max(height, width))
    seen = torch.lerp(content, picture.detach(), visible.to(picture))
    small = resized(seen, (max(1, round(height * factor)), max(1, round(width * factor))))
    rgb: NDArray[np.uint8] = (small[0].permute(1, 2, 0).float().cpu().numpy() * 255 + 0.5).astype(np.uint8)
    return rgb
