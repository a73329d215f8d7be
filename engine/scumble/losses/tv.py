"""Total variation: the price of grain."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from .base import Seen


def total_variation(picture: Tensor) -> Tensor:
    """Mean squared difference of neighbours in `picture` (1×3×H×W) (Mahendran & Vedaldi 2015, equation 4, β = 2)."""
    dx = picture[..., :, 1:] - picture[..., :, :-1]
    dy = picture[..., 1:, :] - picture[..., :-1, :]
    zero = picture.new_zeros(())
    return (dx.square().mean() if dx.numel() else zero) + (dy.square().mean() if dy.numel() else zero)


@dataclass(frozen=True)
class TotalVariationLoss:
    """Total variation as a loss of pixels alone."""

    name: str = "tv"
    taps: tuple[str, ...] = ()

    def __call__(self, seen: Seen) -> Tensor:
        """The loss, a scalar."""
        return total_variation(seen.pixels)
