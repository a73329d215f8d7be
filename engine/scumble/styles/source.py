"""What a style is to a method: a source of moments, colours and, where it has them, pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from ..features.encoder import Encoder
from ..wire.request.style import LEAST_SIDE

MIN_SIDE = LEAST_SIDE  # below this the deep taps have no positions to speak of


@dataclass(frozen=True)
class StylePicture:
    """A style's pixels 1×3×h×w in [0, 1], sRGB; their coverage 1×1×h×w in [0, 1]; the long side of the file.

    `share` is how long they are of the whole painting, where they are a part of it: strokes are measured by the whole,
    and so is the long side that a source is asked for.
    """

    pixels: Tensor
    coverage: Tensor
    native: int
    share: float = 1.0

    def to(self, device: torch.device) -> StylePicture:
        """The same on `device`."""
        return StylePicture(self.pixels.to(device), self.coverage.to(device), self.native, self.share)


class StyleSource(Protocol):
    """A style that can tell its statistics, and show itself if it has a picture."""

    name: str

    @property
    def mark(self) -> str:
        """What changes when its picture does, told without looking at the pixels; empty where that is not known."""

    def moments(self, encoder: Encoder, long_side: float, taps: Sequence[str]) -> dict[str, Tensor]:
        """Moments (C+1)×(C+1) by tap of the style with its long side resized to `long_side` pixels."""

    def colors(self) -> tuple[Tensor, Tensor]:
        """Mean (3) and covariance (3×3) of its sRGB values in [0, 1]."""

    def picture(self, long_side: float) -> StylePicture | None:
        """Its picture resized to `long_side` pixels, but not below `MIN_SIDE` of the short side; None: it has none."""


def resized(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """A 1×C×H×W picture at another height and width, antialiased, within [0, 1]."""
    if picture.shape[-2:] == size:
        return picture
    return F.interpolate(picture, size=size, mode="bicubic", antialias=True).clamp(0, 1)


def scaled_size(picture: Tensor, long_side: float) -> tuple[int, int]:
    """Height and width of a 1×C×H×W picture with its long side at `long_side`, no side below `MIN_SIDE`."""
    height, width = picture.shape[-2:]
    factor = max(long_side / max(height, width), MIN_SIDE / min(height, width))
    return max(MIN_SIDE, round(height * factor)), max(MIN_SIDE, round(width * factor))
