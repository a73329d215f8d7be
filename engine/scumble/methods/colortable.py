"""Colours by their whole distribution: what a linear map of mean and covariance leaves undone.

A painting is made of few paints, a photograph of gradations. Iterative distribution transfer (Pitié, Kokaram & Dahyot
2007) brings a sample of colours to the distribution of another; a lookup table smooths that over neighbouring colours,
so that no gradation breaks into steps and no noise is stretched to contours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ..networks.sampling import sampled
from .pixels import LUMA

SAMPLES = 1000  # colours of a picture
ROUNDS = 12  # rotations of the axes along which distributions are matched
SIDE = 9  # nodes of a table along each axis of sRGB
REACH = 0.06  # in sRGB values: colours that are nearer than this move together
FAR = 1e-6  # how little colours further away count, where no colour is near
AMOUNT = 0.7  # of the way: all of it leaves faces with few flat colours, as in a poster
GRID = 256  # pixels each way that samples are taken from


class Vividness(NamedTuple):
    """How much further apart light and chroma are in what *optimize* paints in a style than in the content that a
    table recoloured, 16 pixels blurred (standard deviations): paint is more vivid than a photograph in its colours."""

    light: float = 1.12
    chroma: float = 1.4  # the mean of 26 styles: from 1.1 for Kairouan to 1.8 for The Starry Night

    @classmethod
    def mean(cls, each: Sequence[Vividness], shares: Sequence[float]) -> Vividness:
        """That of several styles by their shares."""
        total = sum(shares)
        return cls(*(sum(s * v[i] for s, v in zip(shares, each, strict=True)) / total for i in range(2)))

    def __call__(self, colors: Tensor, mean: Tensor) -> Tensor:
        """Colours …×3 as much further from their mean."""
        apart = colors - mean.to(colors)
        light = (apart @ apart.new_tensor(LUMA))[..., None]
        return mean.to(colors) + self.light * light + self.chroma * (apart - light)


USUAL = Vividness()


@dataclass(frozen=True)
class ColorTable:
    """Where the colours of a lattice S×S×S (red, green, blue) go, S×S×S×3 in sRGB; between them it is trilinear."""

    nodes: Tensor

    @classmethod
    def between(cls, own: Tensor, wanted: Tensor) -> ColorTable:
        """From samples of a picture's colours N×3 to the distribution of samples M×3, `AMOUNT` of the way."""
        moved = transferred(own, wanted) - own
        axis = torch.linspace(0, 1, SIDE, device=own.device)
        nodes = torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij"), -1)
        square = torch.cdist(nodes.view(-1, 3), own).square_().div_(REACH**2)
        weight = torch.exp(square / -2).add_(FAR / square.add_(1))
        change = weight @ moved / weight.sum(1, keepdim=True)
        return cls(nodes + AMOUNT * change.view_as(nodes))

    def __call__(self, pixels: Tensor) -> Tensor:
        """`pixels` 1×3×H×W in [0, 1] in their new colours, clamped to [0, 1]."""
        places = pixels[0].flip(0).permute(1, 2, 0)[None, None] * 2 - 1  # blue runs along the table's last axis
        volume = self.nodes.to(pixels).permute(3, 0, 1, 2)[None]
        return sampled(volume, places, align_corners=True).clamp_(0, 1)


def transferred(own: Tensor, wanted: Tensor, rounds: int = ROUNDS, seed: int = 0) -> Tensor:
    """Samples N×3 moved to the distribution of samples M×3: in each round along three axes, turned at random (Pitié et
    al. 2007, section 3). Deterministic by `seed`."""
    generator = torch.Generator().manual_seed(seed)
    places = torch.linspace(0, 1, len(own), device=own.device) * (len(wanted) - 1)
    low, part = places.long(), (places % 1)[:, None]
    high = (low + 1).clamp_max(len(wanted) - 1)
    out = own
    for _ in range(rounds):
        axes = torch.linalg.qr(torch.randn(3, 3, generator=generator))[0].to(own)
        along, aims = out @ axes, (wanted @ axes).sort(0)[0]
        quantiles = torch.lerp(aims[low], aims[high], part)
        out = out + (torch.empty_like(along).scatter_(0, along.argsort(0), quantiles) - along) @ axes.t()
    return out


def samples(pixels: Tensor, weight: Tensor, count: int = SAMPLES, seed: int = 0) -> Tensor:
    """`count` colours N×3 of `pixels` 1×3×H×W, drawn by `weight` H×W; deterministic by `seed`. The weight must not be
    zero everywhere."""
    height, width = weight.shape
    step = (max(1, height // GRID), max(1, width // GRID))
    coarse = weight[:: step[0], :: step[1]]
    if not float(coarse.sum()) > 0:  # few pixels only, between those
        coarse, step = weight, (1, 1)
    colors = pixels[0, :, :: step[0], :: step[1]].flatten(1).t()
    chosen = coarse.flatten().float().cpu().multinomial(
        count, replacement=True, generator=torch.Generator().manual_seed(seed)
    )  # fmt: skip
    return colors[chosen.to(colors.device)].float()
