"""Styles from pictures: what is measured of them, once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from ..features.encoder import Encoder
from ..losses.moments import moments
from .kept import Kept
from .source import MIN_SIDE, StylePicture, resized, scaled_size

CACHED = 256
LARGEST = 2048  # pixels of a style's long side: more is never looked at
AT_ONCE = 1 << 19  # pixels that are measured at once: a pixel's maps take some 500 bytes
ALIGN = 16  # rows: the deepest stride
SUMMED = 1 << 16  # pixels whose colours are summed at once: as many as a processor keeps near


_MEASURED: Kept[dict[str, Tensor]] = Kept(CACHED)  # by content: a style is measured once, not once a job


@dataclass
class PictureStyle:
    """A style from a picture: pixels 1×3×H×W in [0, 1] with coverage 1×1×H×W; `key` names the content for the cache.

    `share`: see `StylePicture`.
    """

    name: str
    pixels: Tensor
    coverage: Tensor
    key: str
    share: float = 1.0
    _colors: tuple[Tensor, Tensor] | None = field(default=None, repr=False)

    @property
    def mark(self) -> str:
        """See `StyleSource`."""
        return ""

    def moments(self, encoder: Encoder, long_side: float, taps: Sequence[str]) -> dict[str, Tensor]:
        """See `StyleSource`; one pass through the encoder, cached by content."""
        size = scaled_size(self.pixels, self.share * min(long_side, LARGEST))
        key = (self.key, encoder.name, str(encoder.dtype), str(self.pixels.device), size, tuple(sorted(taps)))
        return _MEASURED.get(
            key, lambda: _in_strips(encoder, resized(self.pixels, size), resized(self.coverage, size)[0], taps)
        )

    def colors(self) -> tuple[Tensor, Tensor]:
        """See `StyleSource`."""
        if self._colors is None:
            self._colors = color_statistics(self.pixels, self.coverage)
        return self._colors

    def picture(self, long_side: float) -> StylePicture:
        """See `StyleSource`."""
        size = scaled_size(self.pixels, self.share * long_side)
        opaque = bool((self.coverage >= 1).all())  # and to be so exactly, which resampling misses by a rounding
        coverage = self.coverage.new_ones(1, 1, *size) if opaque else resized(self.coverage, size)
        return StylePicture(resized(self.pixels, size), coverage, max(self.pixels.shape[-2:]), self.share)


def _in_strips(encoder: Encoder, pixels: Tensor, coverage: Tensor, taps: Sequence[str]) -> dict[str, Tensor]:
    """As `measure`, in strips of rows where the picture is large: those are sums, and edges weigh little."""
    height, width = pixels.shape[-2:]
    count = min(math.ceil(height * width / AT_ONCE), max(1, height // MIN_SIDE))
    ends = [round(height * i / count / ALIGN) * ALIGN for i in range(count)] + [height]
    found: dict[str, Tensor] = {}
    total = 0.0
    for top, bottom in pairwise(ends):
        here = coverage[:, top:bottom]
        mass = float(here.sum())
        if mass or count == 1:
            part, total = measure(encoder, pixels[..., top:bottom, :], here, taps), total + mass
            for tap, each in part.items():
                found[tap] = torch.lerp(found[tap], each, mass / total) if tap in found else each
    return found or measure(encoder, pixels[..., : ends[1], :], coverage[:, : ends[1]], taps)


@torch.no_grad()
def measure(encoder: Encoder, pixels: Tensor, coverage: Tensor, taps: Sequence[str]) -> dict[str, Tensor]:
    """Moments (C+1)×(C+1) by tap of `pixels` (1×3×H×W) where `coverage` (1×H×W) says."""
    found = {}
    for tap, maps in encoder(pixels, taps).items():
        weight = F.interpolate(coverage[None], size=maps.shape[-2:], mode="area")[0]
        found[tap] = moments(maps[0], weight[0])
    return found


def color_statistics(pixels: Tensor, coverage: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (3) and covariance (3×3) of `pixels` (1×3×H×W) under `coverage` (1×1×H×W)."""
    x, w = pixels[0].flatten(1), coverage.flatten()
    total = torch.zeros(4, 4, dtype=torch.float64, device=x.device)
    for some, weight in zip(torch.split(x, SUMMED, 1), torch.split(w, SUMMED), strict=True):
        each = F.pad(some.double(), (0, 0, 0, 1), value=1.0)  # a fourth row of ones: means and mass beside products
        total += (each * weight) @ each.t()
    total /= total[3, 3].clamp_min(1e-8)
    mean = total[:3, 3]
    return mean.float(), (total[:3, :3] - mean[:, None] * mean).float()
