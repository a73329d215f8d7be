"""What a network is to paint: content, codes, where they apply, and whose statistics count."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .stages import ALIGN

RAMP = 0.25  # strength below which the picture itself is mixed in, so that strength 0 is the picture exactly
RIM = 16  # pixels; a multiple of 8
EVEN = 1e-4  # shares that differ by less are the same everywhere


@dataclass(frozen=True)
class Scene:
    """Content 1×3×H×W in [0, 1]; codes K×P with shares K×H×W that sum to 1, the identity's among them; how much of
    the content's own statistics each code keeps (own K, 0 … 1); a weight H×W (≥ 0) of each pixel in the statistics;
    how much of each pixel is painted at all (amount H×W; None: all)."""

    content: Tensor
    codes: Tensor
    shares: Tensor
    own: Tensor
    weight: Tensor
    amount: Tensor | None

    @classmethod
    def of(
        cls, content: Tensor, identity: Tensor, codes: Tensor, shares: Tensor, weight: Tensor, strength: float
    ) -> Scene:
        """A scene from the styles' codes K×P and shares K×H×W, whose sum is in [0, 1]: where it ends, so does paint.

        Strength walks from the identity's code to the styles' codes.
        """
        rest = (1 - shares.sum(0)).clamp(0, 1)
        codes = identity + strength * (codes - identity)
        own = codes.new_full((len(codes),), 1 - strength)
        if float(rest.max()) > EVEN:
            codes, shares = torch.cat([codes, identity[None]]), torch.cat([shares, rest[None]])
            own = torch.cat([own, own.new_ones(1)])
        elif len(codes) == 1 or float((shares.amax((1, 2)) - shares.amin((1, 2))).max()) < EVEN:
            codes = (shares.mean((1, 2))[:, None] * codes).sum(0, keepdim=True)
            shares, own = shares.new_ones(1, 1, 1).expand(1, *rest.shape), own[:1]
        amount = (strength * (1 - rest) / RAMP).clamp_(0, 1)
        return cls(content, codes, shares, own, weight, None if float(amount.min()) >= 1 else amount)

    def framed(self, dtype: torch.dtype) -> Scene:
        """In `dtype`, with a rim of `RIM` pixels around it and sides that are multiples of 8: all of it mirrored.

        Without a rim the last rows and columns, which lie in few receptive fields, become a dotted line.
        """
        height, width = self.content.shape[-2:]
        pad = (RIM, RIM - width % -ALIGN, RIM, RIM - height % -ALIGN)
        content = F.pad(self.content.to(dtype), pad, mode="reflect")
        shares, weight = (_extended(t.to(dtype), pad) for t in (self.shares, self.weight[None]))
        return Scene(content, self.codes, shares, self.own, weight[0], self.amount)


def _extended(maps: Tensor, pad: tuple[int, int, int, int]) -> Tensor:
    """Maps N×H×W continued beyond their borders; what is the same everywhere takes no memory."""
    if bool((maps == maps[:, :1, :1]).all()):
        height, width = maps.shape[-2] + pad[2] + pad[3], maps.shape[-1] + pad[0] + pad[1]
        return maps[:, :1, :1].clone().expand(-1, height, width)
    return F.pad(maps[None], pad, mode="replicate")[0]


class Octaves:
    """Maps N×H×W averaged down by powers of two, made when asked for."""

    def __init__(self, maps: Tensor) -> None:
        self._levels = {maps.shape[-1]: maps}

    def __call__(self, width: int) -> Tensor:
        """The maps at a width that the finest is a multiple of."""
        if width not in self._levels:
            finer = min(w for w in self._levels if w > width)
            self._levels[width] = F.avg_pool2d(self._levels[finer][None], finer // width)[0]
        return self._levels[width]
