"""Colours before strokes: content and styles brought to one palette by the linear map that moves least.

Without it every objective keeps the photograph's colours and pays for them in coloured grain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ....styles.statistics import color_statistics
from ...regions import Regions

# A picture that hardly varies (a clear sky) must not have its noise stretched to a whole palette: spread that is added
# to what is mapped, in units of the pixels' range.
LEAST_SPREAD = 0.03
ROUNDS = 8
LEAST_MASS = 1e-9  # that a style without any counts as


@dataclass(frozen=True)
class Palette:
    """A mean (3) and covariance (3×3) of sRGB values in [0, 1], float64."""

    mean: Tensor
    covariance: Tensor

    @classmethod
    def of(cls, pixels: Tensor, weight: Tensor) -> Palette:
        """The palette of `pixels` (1×3×H×W) under `weight` (H×W, ≥ 0)."""
        mean, covariance = color_statistics(pixels, weight[None, None])
        return cls(mean.double(), covariance.double())


def recolored(pixels: Tensor, own: Palette, wanted: Palette) -> Tensor:
    """`pixels` (1×3×H×W), whose palette is `own`, in the palette `wanted`.

    The Monge-Kantorovich map (Pitié & Kokaram 2007, equation 7): of all linear maps that give these means and
    covariances, the one that moves colours least.
    """
    eye = torch.eye(3, dtype=torch.float64, device=own.covariance.device)
    covariance = own.covariance + LEAST_SPREAD**2 * eye
    root, inverse = _power(covariance, 0.5), _power(covariance, -0.5)
    change = inverse @ _power(root @ wanted.covariance @ root, 0.5) @ inverse
    flat = pixels[0].flatten(1).double() - own.mean[:, None]
    return (change @ flat + wanted.mean[:, None]).to(pixels).view_as(pixels).clamp(0, 1)


def mixture(palettes: Sequence[Palette], shares: Sequence[float]) -> Palette:
    """The palette between several: the barycentre of Gaussians (Álvarez-Esteban et al. 2016, section 4)."""
    total = sum(shares)
    parts = [s / total for s in shares]
    mean = torch.stack([p * q.mean for p, q in zip(parts, palettes, strict=True)]).sum(0)
    covariance = torch.stack([p * q.covariance for p, q in zip(parts, palettes, strict=True)]).sum(0)
    for _ in range(ROUNDS if len(palettes) > 1 else 0):
        root, inverse = _power(covariance, 0.5), _power(covariance, -0.5)
        middle = torch.stack([
            p * _power(root @ q.covariance @ root, 0.5) for p, q in zip(parts, palettes, strict=True)
        ]).sum(0)  # fmt: skip
        covariance = inverse @ middle @ middle @ inverse
    return Palette(mean, covariance)


def colored_by_regions(
    content: Tensor, regions: Regions, palettes: Sequence[Palette]
) -> tuple[Tensor, list[Palette | None]]:
    """`content` (1×3×H×W) with each region in the palette between its styles', by their mass there.

    Beside it, for each style that shares a region with others, the palette that they are all to have.
    """
    visible = regions.visible
    wanted: list[Palette | None] = [None] * len(palettes)
    out, total = torch.zeros_like(content), torch.zeros_like(visible)
    for region in range(max(regions.region_of) + 1):
        of = [i for i, r in enumerate(regions.region_of) if r == region]
        where = regions.shares[of].sum(0)
        weight = where * visible
        if not float(weight.sum()) > 0:
            continue
        mass = [max(float((regions.shares[i] * visible).sum()), LEAST_MASS) for i in of]
        between = mixture([palettes[i] for i in of], mass)
        out += where * recolored(content, Palette.of(content, weight), between)
        total += where
        for i in of if len(of) > 1 else ():
            wanted[i] = between
    return torch.where(total > 0, out / total.clamp_min(1e-6), content), wanted


def _power(matrix: Tensor, exponent: float) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    return torch.as_tensor((vectors * values.clamp_min(1e-10) ** exponent) @ vectors.T)
