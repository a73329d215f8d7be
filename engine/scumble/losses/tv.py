"""Total variation: the price of grain."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from .base import Features


@dataclass(frozen=True)
class TotalVariation:
    """Mean squared difference of neighbouring pixels (Mahendran & Vedaldi 2015, equation 4 with β = 2)."""

    name: str = "tv"

    @property
    def taps(self) -> tuple[str, ...]:
        """None: it reads the pixels."""
        return ()

    def __call__(self, picture: Tensor, features: Features) -> Tensor:
        """The loss of `picture` (1×3×H×W), a scalar."""
        dx = picture[..., :, 1:] - picture[..., :, :-1]
        dy = picture[..., 1:, :] - picture[..., :-1, :]
        zero = picture.new_zeros(())
        return (dx.square().mean() if dx.numel() else zero) + (dy.square().mean() if dy.numel() else zero)
