"""Styles at their places: a network with one code made part of its weights, or with several blended under shares."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from .transform import Codes, TransformNet


@torch.no_grad()
def with_code(net: TransformNet, code: Tensor) -> TransformNet:
    """A copy of `net` that paints in the style of `code` (P) without an affine step: the weights are scaled instead."""
    styled, codes = copy.deepcopy(net), Codes(net.affines, code[None])
    for index, conv in enumerate(styled.steps):
        scale, shift = (t[0].to(conv.weight) for t in codes.of(index))
        assert conv.bias is not None
        conv.weight.mul_(1 + scale[:, None, None, None])
        conv.bias.mul_(1 + scale).add_(shift)
        if conv is styled.into_quarter:
            styled.grain.weight.mul_(1 + scale[:, None, None, None])
    return styled


def as_it_is(index: int, maps: Tensor) -> Tensor:
    """The affine step of a network whose code is part of its weights."""
    return maps


class Blended:
    """Codes K×P blended per pixel under shares K×H×W. See `transform.Affine`."""

    def __init__(self, net: TransformNet, codes: Tensor, shares: Tensor) -> None:
        self.codes, self.shares = Codes(net.affines, codes), Octaves(shares)

    def __call__(self, index: int, maps: Tensor) -> Tensor:
        """See `Affine`."""
        where = self.shares(maps.shape[-1]).permute(1, 2, 0).to(maps.dtype)  # [h, w, K]
        scale, shift = ((where @ t.to(maps.dtype)).permute(2, 0, 1)[None] for t in self.codes.of(index))
        return torch.addcmul(maps + shift, maps, scale)


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
