"""One content, its styles and a network, against which any number of results is measured at one size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from ..features.encoder import Encoder
from ..picture import Picture
from .lpips import Lpips
from .perceptual import WeightedStyle, content_loss, features_of, style_loss, style_target
from .prepared import prepare_content, prepare_result, working_size
from .similarity import has_library, structural_similarity


@dataclass(frozen=True)
class Measures:
    """What was measured; None where a library or weights for it are missing."""

    style: float
    content: float
    ssim: float | None
    lpips: float | None

    def closed(self, identity: Measures) -> float | None:
        """How much of the untouched content's distance to the style is gone, at most 1; None if there was none."""
        return 1 - self.style / identity.style if identity.style > 0 else None


@dataclass(frozen=True)
class Yardstick:
    """`content` 1×3×h×w in [0, 1], how much its pixels count (`weight`, h×w) and the styles' moments (`target`)."""

    content: Tensor
    weight: Tensor
    encoder: Encoder
    features: dict[str, Tensor]
    target: dict[str, Tensor]
    lpips: Lpips | None

    @classmethod
    def of(
        cls,
        content: Picture,
        styles: Sequence[WeightedStyle],
        encoder: Encoder,
        long_side: int = 512,
        mask: Picture | None = None,
        lpips: Lpips | None = None,
    ) -> Yardstick:
        """For `content`, shrunk to `long_side`; with a `mask` of the content's size only what it covers counts.

        Raises `mask-empty`, `picture-transparent`, `styles-missing`, `weights-zero`, `model-unsuited`.
        """
        size = working_size(content, long_side)
        pixels, weight = prepare_content(content, mask, size)
        target = style_target(styles, encoder, max(size))
        return cls(pixels, weight, encoder, features_of(encoder, pixels), target, lpips)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width at which is measured."""
        return self.content.shape[-2], self.content.shape[-1]

    def identity(self) -> Measures:
        """The untouched content: the best content there is, and the style that comes for nothing."""
        return self.measure_pixels(self.content)

    def measure(self, result: Picture) -> Measures:
        """A result, resized to the working size; where it is transparent the content shows."""
        return self.measure_pixels(prepare_result(result, self.content))

    def measure_pixels(self, pixels: Tensor) -> Measures:
        """A result 1×3×h×w in [0, 1] at the working size."""
        found = features_of(self.encoder, pixels)
        return Measures(
            style_loss(self.encoder, found, self.target, self.weight),
            content_loss(self.encoder, found, self.features, self.weight),
            structural_similarity(pixels, self.content, self.weight) if has_library() else None,
            self.lpips(pixels, self.content, self.weight) if self.lpips else None,
        )
