"""Pictures as they are measured: tensors of one size."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..picture import Picture, to_working
from ..picture.color import coverage
from ..wire.protocol.errors import ScumbleError

MIN_SIDE = 64  # conv5_1 sees a sixteenth; less would leave it nothing to measure
Size = tuple[int, int]


def working_size(picture: Picture, long_side: int) -> Size:
    """Height and width with the long side at most `long_side`, and the short one at least `MIN_SIDE`."""
    longest, shortest = max(picture.width, picture.height), min(picture.width, picture.height)
    factor = max(min(1.0, long_side / longest), MIN_SIDE / shortest)
    return max(MIN_SIDE, round(picture.height * factor)), max(MIN_SIDE, round(picture.width * factor))


def prepare_content(picture: Picture, mask: Picture | None, size: Size) -> tuple[Tensor, Tensor]:
    """The content 1×3×h×w in [0, 1] at `size`, and how much each pixel counts, h×w: the mask times its alpha.

    Transparent pixels show the mean of the visible ones. Raises `mask-empty`, `picture-transparent`.
    """
    colors, alpha = _premultiplied(picture, size)
    if mask is None:
        weight = alpha[0, 0]
    else:
        values = torch.from_numpy(coverage(mask))
        if not values.any():
            raise ScumbleError("mask-empty", name="mask")
        weight = alpha[0, 0] * F.interpolate(values[None, None], size=size, mode="area")[0, 0]
    if float(weight.sum()) <= 0:
        raise ScumbleError("picture-transparent", name="content")
    mean = colors.sum((2, 3), keepdim=True) / alpha.sum()
    return (colors + mean * (1 - alpha)).clamp(0, 1), weight


def prepare_result(picture: Picture, content: Tensor) -> Tensor:
    """A result 1×3×h×w at the content's size; where it is transparent the content shows, as below a layer."""
    colors, alpha = _premultiplied(picture, (content.shape[-2], content.shape[-1]))
    return (colors + content * (1 - alpha)).clamp(0, 1)


def prepare_native(picture: Picture, content: Tensor) -> Tensor:
    """A result 1×3×H×W at its own size, over the content (1×3×h×w) where it is transparent."""
    size = (picture.height, picture.width)
    colors, alpha = _premultiplied(picture, size)
    if bool((alpha >= 1).all()):
        return colors
    below = F.interpolate(content, size=size, mode="bicubic", antialias=True)
    return (colors + below * (1 - alpha)).clamp(0, 1)


def _premultiplied(picture: Picture, size: Size) -> tuple[Tensor, Tensor]:
    """Colours times alpha (1×3×h×w) and alpha (1×1×h×w) at `size`."""
    rgb, alpha = to_working(picture)
    both = np.concatenate([rgb * alpha[..., None], alpha[..., None]], axis=2)
    planes = torch.from_numpy(both).permute(2, 0, 1)[None]
    if planes.shape[-2:] != size:
        planes = F.interpolate(planes, size=size, mode="bicubic", antialias=True).clamp(0, 1)
    return planes[:, :3], planes[:, 3:]
