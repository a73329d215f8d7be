"""The image transformation network: one pass from content to painting (Johnson et al. 2016).

Its convolutions know no style: each normalisation is asked of a `Condition`, which holds the styles' scales and shifts
(conditional instance normalisation, Dumoulin et al. 2017) and says where on the picture they apply. Deviations from
Johnson et al.: separable residual blocks with the normalisation on their widened middle, three octaves down with skips
(Ronneberger et al. 2015), averages down and bilinear up in place of strides (no grid), reflection at every border.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTHS = (16, 32, 64, 128)  # channels at 1, 1/2, 1/4, 1/8 of the picture's size
BLOCKS = (2, 8, 3)  # residual blocks at 1/4 on the way down, at 1/8, at 1/4 on the way up
ALIGN = 8  # sides must be multiples of the coarsest octave
REACH = 144  # an output pixel depends on inputs at most this far away, normalisation aside; a test holds it


class Condition(Protocol):
    """Normalises a map and gives it the styles' scale and shift."""

    def __call__(self, index: int, features: Tensor) -> Tensor:
        """The `index`-th normalisation of the network, on its map N×C×H×W."""


def _conv(inputs: int, outputs: int, groups: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1, padding_mode="reflect", groups=groups)


def _up(y: Tensor) -> Tensor:
    return F.interpolate(y, scale_factor=2, mode="bilinear")


class Residual(nn.Module):
    """y + project(ReLU(norm(widen(depthwise(y))))): a 3×3 depthwise convolution and two 1×1."""

    def __init__(self, channels: int, index: int) -> None:
        super().__init__()
        self.index = index
        self.depthwise = _conv(channels, channels, groups=channels)
        self.widen = nn.Conv2d(channels, 2 * channels, 1)
        self.project = nn.Conv2d(2 * channels, channels, 1)

    def forward(self, y: Tensor, condition: Condition) -> Tensor:
        wide: Tensor = condition(self.index, self.widen(self.depthwise(y)))
        out: Tensor = self.project(wide.relu_())
        return out.add_(y)


class TransformNet(nn.Module):
    """Content N×3×H×W in [0, 1] (H, W multiples of 8) to the painting, about [0, 1]."""

    def __init__(self, widths: Sequence[int] = WIDTHS, blocks: Sequence[int] = BLOCKS) -> None:
        super().__init__()
        w0, w1, w2, w3 = widths
        self.norms: list[int] = []  # channels of each normalisation, in the order of their indices
        self.stem, self.i_stem = _conv(3, w0), self._norm(w0)
        self.enc_half, self.i_enc_half = _conv(w0, w1), self._norm(w1)
        self.enc_quarter, self.i_enc_quarter = _conv(w1, w2), self._norm(w2)
        self.down = self._blocks(blocks[0], w2)
        self.enc_eighth, self.i_enc_eighth = _conv(w2, w3), self._norm(w3)
        self.middle = self._blocks(blocks[1], w3)
        self.to_quarter = nn.Conv2d(w3, w2, 1)
        self.up = self._blocks(blocks[2], w2)
        self.to_half, self.i_to_half = _conv(w2, w1), self._norm(w1)
        self.at_half, self.i_at_half = _conv(w1, w1), self._norm(w1)
        self.to_full, self.i_to_full = _conv(w1, w0), self._norm(w0)
        self.at_full, self.i_at_full = _conv(w0, w0), self._norm(w0)
        self.out = _conv(w0, 3)

    def _norm(self, channels: int) -> int:
        self.norms.append(channels)
        return len(self.norms) - 1

    def _blocks(self, count: int, channels: int) -> nn.ModuleList:
        return nn.ModuleList(Residual(channels, self._norm(2 * channels)) for _ in range(count))

    @property
    def code_size(self) -> int:
        """Numbers that describe a style: a scale and a shift for each normalised channel."""
        return 2 * sum(self.norms)

    def forward(self, x: Tensor, condition: Condition) -> Tensor:
        full = condition(self.i_stem, self.stem(x - 0.5)).relu_()  # 16 at 1
        half = condition(self.i_enc_half, self.enc_half(F.avg_pool2d(full, 2))).relu_()  # 32 at 1/2
        y = condition(self.i_enc_quarter, self.enc_quarter(F.avg_pool2d(half, 2))).relu_()  # 64 at 1/4
        for block in self.down:
            y = block(y, condition)
        quarter = y
        y = condition(self.i_enc_eighth, self.enc_eighth(F.avg_pool2d(quarter, 2))).relu_()  # 128 at 1/8
        for block in self.middle:
            y = block(y, condition)
        y = _up(self.to_quarter(y)) + quarter
        for block in self.up:
            y = block(y, condition)
        y = _up(condition(self.i_to_half, self.to_half(y)).relu_()) + half
        y = condition(self.i_at_half, self.at_half(y)).relu_()
        y = _up(condition(self.i_to_full, self.to_full(y)).relu_()) + full
        y = condition(self.i_at_full, self.at_full(y)).relu_()
        out: Tensor = self.out(y)
        return out + 0.5
