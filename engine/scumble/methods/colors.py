"""Colours before strokes: content and styles brought to one palette by the linear map that moves least.

Without it every objective keeps the photograph's colours and pays for them in coloured grain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..styles.statistics import color_statistics
from .colortable import USUAL, ColorTable, Vividness, samples
from .regions import Regions

# A picture that hardly varies (a clear sky) must not have its noise stretched to a whole palette: spread that is added
# to what is mapped, in units of the pixels' range.
LEAST_SPREAD = 0.03
# A selection of black alone is to become the style's dark, not its mean: what varies little is judged as a part of a
# usual photograph (its gray, the variance of gray and of what is coloured), the more the less it varies.
USUAL_GRAY, USUAL_SPREAD, USUAL_CHROMA, DOUBTED = 0.45, 0.055, 0.008, 0.05**2
# And so is what is nearly all light or dark, however strong its lines are: a drawing's paper is to become the style's
# light, not its mean. From and up to how far its gray is from the usual, and how much then.
FROM, UP_TO, SO_MUCH = 0.25, 0.5, 0.75
ROUNDS = 8  # of the barycentre's fixed point
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
        """With usual colours beside its own, as much as it is not to be judged by itself."""
        usual, part = _usual(self), self.doubt
        mean = torch.lerp(self.mean, usual.mean, part)
        own, other = ((m - mean)[:, None] * (m - mean) for m in (self.mean, usual.mean))
        return Palette(mean, torch.lerp(self.covariance + own, usual.covariance + other, part))

    @property
    def doubt(self) -> float:
        """How much it is not to be judged by itself, from 0 to 1: it varies too little, or is nearly all light or
        dark."""
        far = (abs(float(self.mean.mean()) - USUAL_GRAY) - FROM) / (UP_TO - FROM)
        return max(DOUBTED / (DOUBTED + float(self.covariance.mean())), SO_MUCH * min(1.0, max(0.0, far)))

    def sampled(self, count: int, seed: int = 0) -> Tensor:
        """`count` colours N×3 of a normal distribution with its mean and covariance, float32; may leave [0, 1]."""
        generator = torch.Generator().manual_seed(seed)
        drawn = torch.randn(count, 3, generator=generator, dtype=torch.float64).to(self.mean)
        return (drawn @ _power(self.covariance, 0.5) + self.mean).float()


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


@dataclass(frozen=True)
class Toned:
    """A linear map, and a table for what it leaves undone; see `Recoloring` for what it takes."""

    linear: Recoloring
    table: ColorTable

    def __call__(self, pixels: Tensor) -> Tensor:
        """See `Recoloring`."""
        return self.table(self.linear(pixels))


Coloring = Callable[[Tensor], Tensor]


def toned(
    pixels: Tensor,
    weight: Tensor,
    wanted: Palette,
    colors: Sequence[Tensor],
    shares: Sequence[float] = (1.0,),
    vivid: Sequence[Vividness] = (USUAL,),
) -> Toned:
    """How `pixels` (1×3×H×W, seen by `weight` H×W) come to the palette `wanted`, and then to the distributions of the
    samples N×3 of some styles, and as vivid as they are painted, by their shares."""
    own = Palette.of(pixels, weight)
    linear = Recoloring.between(own.among_usual(), wanted)
    seen = samples(pixels, weight)
    usual = round(own.doubt * len(seen))
    seen = torch.cat([seen[usual:], _usual(own).sampled(usual).to(seen)]) if usual else seen
    before = linear(seen.t()[None, ..., None])[0, ..., 0].t()
    tables = [ColorTable.between(before, c).nodes * s for c, s in zip(colors, shares, strict=True)]
    nodes = torch.stack(tables).sum(0) / sum(shares)
    return Toned(linear, ColorTable(Vividness.mean(vivid, shares)(nodes, wanted.mean)))


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

    maps: Sequence[Coloring | None]
    wanted: Sequence[Palette | None]

    @classmethod
    def of(
        cls,
        content: Tensor,
        regions: Regions,
        palettes: Sequence[Palette],
        colors: Sequence[Tensor | None] = (),
        vivid: Sequence[Vividness] = (),
    ) -> RegionColors:
        """From a content (1×3×H×W): each region gets the palette between its styles', by their mass there; and where
        samples N×3 of the `colors` of all of them are known, their distribution, as `vivid` as they are painted."""
        vivid = vivid or [USUAL] * len(palettes)
        maps: list[Coloring | None] = []
        wanted: list[Palette | None] = [None] * len(palettes)
        for region in range(max(regions.region_of) + 1):
            of = [i for i, r in enumerate(regions.region_of) if r == region]
            weight = regions.shares[of].sum(0) * regions.visible
            if not float(weight.sum()) > 0:
                maps.append(None)
                continue
            mass = [max(float((regions.shares[i] * regions.visible).sum()), LEAST_MASS) for i in of]
            between = mixture([palettes[i] for i in of], mass)
            known = [c for c in (colors[i] for i in of if colors) if c is not None]
            if len(known) == len(of):
                maps.append(toned(content, weight, between, known, mass, [vivid[i] for i in of]))
            else:
                maps.append(Recoloring.between(Palette.of(content, weight).among_usual(), between))
            for i in of if len(of) > 1 else ():
                wanted[i] = between
        return cls(maps, wanted)

    def linear(self) -> RegionColors:
        """The same without tables: edges are the same, and it takes a fraction of the time."""
        return replace(self, maps=[m.linear if isinstance(m, Toned) else m for m in self.maps])

    def apply(self, content: Tensor, shares: Tensor) -> Tensor:
        """`content` (1×3×H×W) in the colours of the regions whose shares are R×H×W; where none is, it stays."""
        if len(self.maps) == 1 and (change := self.maps[0]) is not None:
            colored = change(content)
            return colored if float(shares.min()) > 0 else torch.where(shares > 0, colored, content)
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


def _usual(like: Palette) -> Palette:
    """A usual photograph's palette."""
    eye, one = torch.eye(3).to(like.covariance), torch.ones(3, 3).to(like.covariance)
    return Palette(torch.full_like(like.mean, USUAL_GRAY), USUAL_SPREAD * one + USUAL_CHROMA * eye)


def _power(matrix: Tensor, exponent: float) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    return torch.as_tensor((vectors * values.clamp_min(1e-10) ** exponent) @ vectors.T)
