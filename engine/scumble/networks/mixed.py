"""Styles at their places: a network with the kernels of one style, or of several whose outputs are mixed by shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from .doubling import Kernel
from .transform import Step, TransformNet, convolved, doubled

Kernels = Sequence[Kernel]  # of all of a network's convolutions: a style


class Styled:
    """A network's convolutions with the kernels of K styles, mixed per pixel by shares K×H×W. See `transform.Styling`.

    One style costs no more than plain convolutions.
    """

    def __init__(self, net: TransformNet, styles: Sequence[Kernels], shares: Tensor) -> None:
        self.convs, self.styles, self.shares = net.convs, styles, Octaves(shares)

    def __call__(self, index: int, maps: Tensor) -> Tensor:
        """See `Styling`."""
        return self._mixed(index, maps, convolved)

    def doubled(self, index: int, maps: Tensor) -> Tensor:
        """See `Styling`."""
        return self._mixed(index, maps, doubled)

    def _mixed(self, index: int, maps: Tensor, step: Step) -> Tensor:
        conv, total = self.convs[index], None
        if len(self.styles) == 1:
            return step(conv, maps, self.styles[0][index])
        for number, kernels in enumerate(self.styles):
            part = step(conv, maps, kernels[index])
            share = self.shares(part.shape[-1])[number].to(part.dtype)
            total = part.mul_(share) if total is None else total.addcmul_(part, share)
        assert total is not None
        return total


def mixture(styles: Sequence[Kernels], shares: Tensor) -> list[Kernel]:
    """One style of several: their kernels by shares K that add up to 1."""
    found = []
    for kernels in zip(*styles, strict=True):
        each = shares.to(kernels[0].weight)
        parts = ([k.weight for k in kernels], [k.bias for k in kernels])
        found.append(Kernel(*(torch.tensordot(each, torch.stack(p), 1) for p in parts)))
    return found


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
