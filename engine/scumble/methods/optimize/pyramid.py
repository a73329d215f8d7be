"""A picture as a Laplacian pyramid (Burt & Adelson 1983): what is optimized in place of its pixels.

A step on a coarse band moves a large area at once, so that colours and shapes settle in few steps and grain does not
form (Kolkin et al. 2022, section 4).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

LEAST = 24  # pixels of the short side at which halving ends


def laplacian(picture: Tensor) -> list[Tensor]:
    """The bands of `picture` (1×C×H×W), finest first; the last is what is left of it, small."""
    bands, rest = [], picture
    while min(rest.shape[-2:]) > LEAST:
        half = F.interpolate(rest, size=_half(rest), mode="bilinear", antialias=True)
        bands.append(rest - _grown(half, rest))
        rest = half
    return [*bands, rest.clone()]


def synthesise(bands: Sequence[Tensor]) -> Tensor:
    """The picture of `bands`: `laplacian` undone."""
    picture = bands[-1]
    for band in bands[-2::-1]:
        picture = band + _grown(picture, band)
    return picture


def _half(t: Tensor) -> tuple[int, int]:
    return (t.shape[-2] + 1) // 2, (t.shape[-1] + 1) // 2


def _grown(t: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(t, size=like.shape[-2:], mode="bilinear")
