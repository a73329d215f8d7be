"""Styles at their places: a network with the kernels of one style, or of several whose outputs are mixed by shares."""

from __future__ import annotations

from collections.abc import Mapping

import torch.nn.functional as F
from torch import Tensor

from .transform import TransformNet


class Styled:
    """A network's convolutions under codes K×P, mixed per pixel by shares K×H×W. See `transform.Styling`.

    With one code they are that style's own, and cost no more than plain ones.
    """

    def __init__(self, net: TransformNet, codes: Tensor, shares: Tensor) -> None:
        self.steps, self.shares = net.steps, Octaves(shares)
        self.kernels = [net.kernels(code) for code in codes]

    def __call__(self, index: int, maps: Tensor) -> Tensor:
        """See `Styling`."""
        step = self.steps[index]
        if len(self.kernels) == 1:
            return step.with_kernel(maps, self.kernels[0][index])
        total: Tensor | None = None
        for number, kernels in enumerate(self.kernels):
            part = step.with_kernel(maps, kernels[index])
            share = self.shares(part.shape[-1])[number].to(part.dtype)
            total = part.mul_(share) if total is None else total.addcmul_(part, share)
        assert total is not None
        return total


class Octaves:
    """Maps K×H×W averaged down by powers of two, made when asked for."""

    def __init__(self, maps: Tensor) -> None:
        self._levels: dict[int, Tensor] = {maps.shape[-1]: maps}

    def __call__(self, width: int) -> Tensor:
        """The maps at a width that the finest is a multiple of."""
        if width not in self._levels:
            finer = min(w for w in self._levels if w > width)
            self._levels[width] = F.avg_pool2d(self._levels[finer][None], finer // width)[0]
        return self._levels[width]


def kept(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors of `state` under `prefix`, without it."""
    return {k[len(prefix) :]: v for k, v in state.items() if k.startswith(prefix)}
