"""Styles from pictures: what is measured of them, once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from ..features.encoder import Encoder
from ..losses.moments import moments
from .source import StylePicture, resized, scaled_size

CACHED = 256


class StatisticsCache:
    """The most recently used statistics, by content: a style is measured once, not once a job."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], dict[str, Tensor]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[object, ...]) -> dict[str, Tensor] | None:
        """What was measured under `key`, if it is still here."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: tuple[object, ...], value: dict[str, Tensor]) -> None:
        """Keep `value`, letting the oldest go."""
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > CACHED:
                self._kept.popitem(last=False)


_CACHE = StatisticsCache()


@dataclass
class PictureStyle:
    """A style from a picture: pixels 1×3×H×W in [0, 1] with coverage 1×1×H×W; `key` names the content for the cache."""

    name: str
    pixels: Tensor
    coverage: Tensor
    key: str
    _colors: tuple[Tensor, Tensor] | None = field(default=None, repr=False)

    def moments(self, encoder: Encoder, long_side: float, taps: Sequence[str]) -> dict[str, Tensor]:
        """See `StyleSource`; one pass through the encoder, cached by content."""
        size = scaled_size(self.pixels, long_side)
        key = (self.key, encoder.name, str(encoder.dtype), str(self.pixels.device), size, tuple(sorted(taps)))
        found = _CACHE.get(key)
        if found is None:
            found = measure(encoder, resized(self.pixels, size), resized(self.coverage, size)[0], taps)
            _CACHE.put(key, found)
        return found

    def colors(self) -> tuple[Tensor, Tensor]:
        """See `StyleSource`."""
        if self._colors is None:
            self._colors = color_statistics(self.pixels, self.coverage)
        return self._colors

    def picture(self, long_side: float) -> StylePicture:
        """See `StyleSource`."""
        size = scaled_size(self.pixels, long_side)
        opaque = bool((self.coverage >= 1).all())  # and to be so exactly, which resampling misses by a rounding
        coverage = self.coverage.new_ones(1, 1, *size) if opaque else resized(self.coverage, size)
        return StylePicture(resized(self.pixels, size), coverage, max(self.pixels.shape[-2:]))


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
    x, w = pixels[0].flatten(1).double(), coverage.flatten().double()
    w = w / w.sum().clamp_min(1e-8)
    mean = x @ w
    centred = x - mean[:, None]
    return mean.float(), ((centred * w) @ centred.t()).float()
