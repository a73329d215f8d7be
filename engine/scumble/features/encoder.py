"""VGG-shaped perceptual encoders with named taps.

A tap is named after its convolution, as in Gatys et al. 2016, and is read after the ReLU: ``conv4_2`` is what the
paper calls conv4_2. Layout: Simonyan & Zisserman 2015, configurations D (VGG16) and E (VGG19).
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from .tiles import in_tiles, tiles

Padding = Literal["zeros", "reflect"]
Saving = Literal["off", "blocks", "tiles"]  # from the quickest to the one that takes least memory
VGG19_DEPTHS = (2, 2, 4, 4, 4)
VGG16_DEPTHS = (2, 2, 3, 3, 3)
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class Head(NamedTuple):
    """A linear map from an encoder's channels to those of the network it was distilled from: F' = W F + b."""

    weight: Tensor  # [C', C]
    bias: Tensor  # [C']


def conv_names(depths: Sequence[int]) -> list[str]:
    """The convolutions' names in order: conv1_1, conv1_2, conv2_1, …"""
    return [f"conv{block}_{i}" for block, depth in enumerate(depths, 1) for i in range(1, depth + 1)]


class Encoder(nn.Module):
    """Convolutions with ReLU in blocks, a 2×2 max-pool between blocks; frozen features with named taps."""

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        name: str,
        depths: Sequence[int],
        widths: Sequence[int],
        last: str | None = None,
        padding: Padding = "reflect",
    ) -> None:
        super().__init__()
        self.name = name
        names = conv_names(depths)
        self.names = names[: names.index(last) + 1] if last else names
        self.widths = {n: widths[int(n[4]) - 1] for n in self.names}
        self.convs = nn.ModuleDict()
        channels = 3
        for n in self.names:
            # Reflection leaves no dark frame in the statistics of small pictures; “zeros” is VGG as it was trained.
            self.convs[n] = nn.Conv2d(channels, self.widths[n], 3, padding=1, padding_mode=padding)
            channels = self.widths[n]
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1), persistent=False)

    @property
    def saving(self) -> Saving:
        """How time is traded for memory: maps within a block, or of all but a tile, are computed again on the way back.

        Each thread's own: a preview shares the network with a long job.
        """
        return _savings().get(self, "off")

    @saving.setter
    def saving(self, how: Saving) -> None:
        _savings()[self] = how

    @property
    def dtype(self) -> torch.dtype:
        """The number format of the convolutions, hence of the features."""
        return next(self.convs.parameters()).dtype

    def forward(self, x: Tensor, taps: Collection[str]) -> dict[str, Tensor]:
        """Features of `x` (N×3×H×W, sRGB in [0, 1]) at `taps`; stops after the deepest one asked for."""
        if self.saving == "tiles":
            last = max(self.names.index(t) for t in taps)
            places = tiles(x.shape[-2], x.shape[-1], self.names[: last + 1])
            if len(places) > 1:
                return in_tiles(self._whole, x, list(taps), places)
        return self._whole(x, taps)

    def _whole(self, x: Tensor, taps: Collection[str]) -> dict[str, Tensor]:
        y = ((x - self.mean) / self.std).to(self.dtype)
        found: dict[str, Tensor] = {}
        last = max(self.names.index(t) for t in taps)
        for block in self._blocks(self.names[: last + 1]):
            if self.saving == "blocks" and y.requires_grad:
                maps = checkpoint(self._block, y, block, use_reentrant=False)
            else:
                maps = self._block(y, block)
            found.update({n: maps[n] for n in block if n in taps})
            y = maps[block[-1]]
        return found

    def resume(self, features: Tensor, tap: str, target: str) -> Tensor:
        """Features at `target` from those at `tap`, an earlier convolution (N×C×H×W)."""
        first, last = self.names.index(tap) + 1, self.names.index(target)
        y = features
        for block in self._blocks(self.names[first : last + 1]):
            inside = block[0][4] == tap[4]  # no pool stands before the rest of a block
            y = self._block(y, block, pool=not inside)[block[-1]]
        return y

    @staticmethod
    def _blocks(names: Sequence[str]) -> list[list[str]]:
        """The names grouped by block: a 2×2 max-pool stands before each block but the first."""
        return [[n for n in names if n[4] == digit] for digit in dict.fromkeys(n[4] for n in names)]

    def _block(self, y: Tensor, names: Sequence[str], pool: bool = True) -> dict[str, Tensor]:
        if pool and names[0] != "conv1_1":
            y = torch.max_pool2d(y, 2)
        maps = {}
        for n in names:
            y = maps[n] = torch.relu_(self.convs[n](y))  # in place: the convolution does not need its output
        return maps

    def head(self, tap: str) -> Head | None:
        """The linear head of a tap, or None where the features stand for themselves."""
        return None


_mode = threading.local()


def _savings() -> WeakKeyDictionary[Encoder, Saving]:
    """How each encoder saves memory in this thread."""
    if not hasattr(_mode, "savings"):
        _mode.savings = WeakKeyDictionary()
    found: WeakKeyDictionary[Encoder, Saving] = _mode.savings
    return found
