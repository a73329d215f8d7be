"""Feature columns: what an encoder sees at a place of a picture, at all taps at once (Kolkin et al. 2022, section 3).

Places lie four pixels apart. A column is never put together: its part under each tap stays a matrix of its own, N×C,
which channels-last maps give without copying.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from ..features.encoder import Encoder
from .moments import rows

GRID = 4  # pixels from one place to the next
TAPS = (
    "conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv3_4", "conv4_1", "conv4_2",
)  # fmt: skip
LAST_SHALLOW = "conv3_1"  # up to it taps tell how something is painted; later ones, what is where

Parts = list[Tensor]  # of columns: for each tap N×C


def columns_of(encoder: Encoder, picture: Tensor, taps: Sequence[str]) -> Parts:
    """The columns of `picture`, 1×3×H×W in [0, 1], in parts; its sides must be multiples of 2 `GRID`, so that every
    tap falls onto the grid."""
    size = (picture.shape[-2] // GRID, picture.shape[-1] // GRID)
    found = encoder(picture, taps)
    return [rows(_on_grid(found[tap], size)[0]) for tap in taps]


def _on_grid(t: Tensor, size: tuple[int, int]) -> Tensor:
    if t.shape[-1] > size[1]:
        pooled: Tensor = _Pooled.apply(t, t.shape[-1] // size[1])
        return pooled
    return t if t.shape[-1] == size[1] else F.interpolate(t, size=size, mode="bilinear")


class _Pooled(torch.autograd.Function):
    """Mean of k×k cells. torch's own takes five times as long on the way back in channels-last bf16."""

    @staticmethod
    def forward(ctx: Any, t: Tensor, k: int) -> Tensor:
        ctx.k = k
        return F.avg_pool2d(t, k)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        k, grad = ctx.k, grads[0].permute(0, 2, 3, 1)
        n, h, w, c = grad.shape
        cells = (grad / (k * k))[:, :, None, :, None].expand(n, h, k, w, k, c)
        return cells.reshape(n, h * k, w * k, c).permute(0, 3, 1, 2), None
