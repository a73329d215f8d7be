"""Colours before strokes: content and styles brought to one palette by the linear map that moves least.

Without it every objective keeps the photograph's colours and pays for them in coloured grain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..styles.statistics import color_statistics
from .regions import Regions

# A picture that hardly varies (a clear sky) must not have its noise stretched to a whole palette: spread that is added
# to what is mapped, in units of the pixels' range.
LEAST_SPREAD = 0.03
# A selection of black alone is to become the style's dark, not its mean: what varies little is judged as a part of a
# usual photograph (its gray, the variance of gray and of what is coloured), the more the less it varies.
USUAL_GRAY, USUAL_SPREAD, USUAL_CHROMA, DOUBTED = 0.45, 0.055, 0.008, 0.05**2
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

    def among_usual(self) -> Palette:
        """With usual colours beside its own, as much as it varies too little to be judged by itself."""
        eye, one = torch.eye(3).to(self.covariance), torch.ones(3, 3).to(self.covariance)
        usual = torch.full_like(self.mean, USUAL_GRAY)
        part = DOUBTED / (DOUBTED + float(self.covariance.mean()))
        mean = torch.lerp(self.mean, usual, part)
        own, other = ((m - mean)[:, None] * (m - mean) for m in (self.mean, usual))
        spread = USUAL_SPREAD * one + USUAL_CHROMA * eye + other
        return Palette(mean, torch.lerp(self.covariance + own, spread, part))


@dataclass(frozen=True)
class Recoloring:
    """A linear map of colours: `change` (3×3), then `offset` (3), float32."""

    change: Tensor
    offset: Tensor

    @classmethod
    def between(cls, own: Palette, wanted: Palette) -> Recoloring:
        """The Monge-Kantorovich map (Pitié & Kokaram 2007, equation 7).

        Of all linear maps that turn one mean and covariance into another it moves colours least.
        """
        eye = torch.eye(3, dtype=torch.float64, device=own.covariance.device)
        covariance = own.covariance + LEAST_SPREAD**2 * eye
        root, inverse = _power(covariance, 0.5), _power(covariance, -0.5)
        change = inverse @ _power(root @ wanted.covariance @ root, 0.5) @ inverse
        return cls(change.float(), (wanted.mean - change @ own.mean).float())

    def __call__(self, pixels: Tensor) -> Tensor:
        """`pixels` (1×3×H×W) in their new colours, clamped to [0, 1]."""
        flat = torch.addmm(self.offset[:, None].to(pixels), self.change.to(pixels), pixels[0].flatten(1))
        return flat.view_as(pixels).clamp_(0, 1)


def recolored(pixels: Tensor, own: Palette, wanted: Palette) -> Tensor:
    """`pixels` (1×3×H×W), whose palette is `own`, in the palette `wanted`."""
    return Recoloring.between(own, wanted)(pixels)


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


@dataclass(frozen=True)
class RegionColors:
    """How each region of a picture comes to its styles' colours: by region its map (None: nothing of it is seen), and
    by style the palette that it shares with others of its region (None: it is alone)."""

    maps: Sequence[Recoloring | None]
    wanted: Sequence[Palette | None]

    @classmethod
    def of(cls, content: Tensor, regions: Regions, palettes: Sequence[Palette]) -> RegionColors:
        """From a content (1×3×H×W): each region gets the palette between its styles', by their mass there."""
        maps: list[Recoloring | None] = []
        wanted: list[Palette | None] = [None] * len(palettes)
        for region in range(max(regions.region_of) + 1):
            of = [i for i, r in enumerate(regions.region_of) if r == region]
            weight = regions.shares[of].sum(0) * regions.visible
            if not float(weight.sum()) > 0:
                maps.append(None)
                continue
            mass = [max(float((regions.shares[i] * regions.visible).sum()), LEAST_MASS) for i in of]
            between = mixture([palettes[i] for i in of], mass)
            maps.append(Recoloring.between(Palette.of(content, weight).among_usual(), between))
            for i in of if len(of) > 1 else ():
                wanted[i] = between
        return cls(maps, wanted)

    def apply(self, content: Tensor, shares: Tensor) -> Tensor:
        """`content` (1×3×H×W) in the colours of the regions whose shares are R×H×W; where none is, it stays."""
        out, total = torch.zeros_like(content), torch.zeros_like(shares[0])
        for change, where in zip(self.maps, shares, strict=True):
            if change is not None:
                out += where * change(content)
                total += where
        return torch.where(total > 0, out / total.clamp_min(1e-6), content)


def colored_by_regions(
    content: Tensor, regions: Regions, palettes: Sequence[Palette]
) -> tuple[Tensor, Sequence[Palette | None]]:
    """`content` (1×3×H×W) with each region in the palette between its styles', by their mass there.

    Beside it, for each style that shares a region with others, the palette that they are all to have.
    """
    colors = RegionColors.of(content, regions, palettes)
    return colors.apply(content, regions.of_region()), colors.wanted


def _power(matrix: Tensor, exponent: float) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    return torch.as_tensor((vectors * values.clamp_min(1e-10) ** exponent) @ vectors.T)
