"""Twice the size and a convolution of that, in one step at the small size.

Bilinear enlargement and a convolution are both linear: together they are one convolution to four times the channels,
whose outputs are laid out as 2×2 pixels (Shi et al. 2016, “sub-pixel convolution”). The picture is the same but for
its last pixels, beyond which zeros are seen and no repeated border; maps of many channels at the large size are never
made, which is what takes the time.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

# How the three taps over a pixel of the large map (columns) fall upon those of the small one around it (rows): for a
# pixel of even and of odd place.
TAPS = (((0.75, 0.25, 0), (0.25, 0.75, 0.75), (0, 0, 0.25)), ((0.25, 0, 0), (0.75, 0.75, 0.25), (0, 0.25, 0.75)))


class Kernel(NamedTuple):
    """What a convolution computes with: weight O×I×k×k and bias O."""

    weight: Tensor
    bias: Tensor


def doubling(kernel: Kernel) -> Kernel:
    """The 3×3 kernel, 4O×I×3×3, on small maps that does what `kernel`, O×I×3×3, does on the enlarged ones."""
    taps = kernel.weight.new_tensor(TAPS)
    weight = torch.einsum("pay,qbx,oiyx->pqoiab", taps, taps, kernel.weight)
    return Kernel(weight.flatten(0, 2), kernel.bias.repeat(4))


def laid_out(maps: Tensor) -> Tensor:
    """The outputs N×4O×h×w of such a kernel as N×O×2h×2w, channels last."""
    count, channels, height, width = maps.shape
    cells = maps.permute(0, 2, 3, 1).reshape(count, height, width, 2, 2, channels // 4)
    pixels = cells.transpose(2, 3).reshape(count, 2 * height, 2 * width, channels // 4)
    return pixels.permute(0, 3, 1, 2)
