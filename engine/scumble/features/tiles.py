"""Features of a picture in tiles, and their gradient: what the whole picture gives, in the memory of a tile.

A feature depends on pixels within its receptive field. So a tile is computed with so many pixels around it, and what
lies in that halo is thrown away; at the picture's own borders a tile is padded as the picture is. Tiles begin at
multiples of the deepest stride, so that each pools as the whole does. Backward each tile is computed again: of all
that lies between two taps nothing is kept (Chen et al. 2016 drop it layer by layer, for the whole picture). A loss sees
whole maps and knows nothing of tiles, so that this holds for every loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from types import EllipsisType
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

SIDE = 512  # pixels of a tile: with larger ones less is computed twice, with smaller ones less is held

Index = tuple[EllipsisType, slice, slice]
Compute = Callable[[Tensor, Sequence[str]], Mapping[str, Tensor]]  # pixels and taps, as of a whole picture


class Span(NamedTuple):
    """Pixels `first` to `last` of a side, computed from `begin` to `end`."""

    begin: int
    end: int
    first: int
    last: int


class Tile(NamedTuple):
    """Where a tile is, down and across."""

    rows: Span
    columns: Span

    def of(self, picture: Tensor) -> Tensor:
        """The tile of a picture …×H×W with its halo."""
        return picture[..., self.rows.begin : self.rows.end, self.columns.begin : self.columns.end]

    def place(self, stride: int) -> Index:
        """Where it lies in the whole map of a tap with `stride`."""
        down, across = (slice(s.first // stride, s.last // stride) for s in self)
        return ..., down, across

    def inner(self, stride: int) -> Index:
        """Where that is in the tile's own map, beside the halo."""
        down, across = (slice((s.first - s.begin) // stride, (s.last // stride) - s.begin // stride) for s in self)
        return ..., down, across


def stride_of(tap: str) -> int:
    """Pixels from one feature of a tap to the next."""
    return 1 << (int(tap[4]) - 1)


def tiles(height: int, width: int, names: Sequence[str]) -> list[Tile]:
    """The tiles of a picture that are computed through the convolutions `names`, the last of which is the deepest."""
    deepest = stride_of(names[-1])
    halo = -(-sum(stride_of(n) for n in names) // deepest) * deepest  # a convolution sees one feature further
    return [Tile(*spans) for spans in product(_spans(height, halo, deepest), _spans(width, halo, deepest))]


def _spans(length: int, halo: int, align: int) -> Iterator[Span]:
    step = -(-length // (align * max(1, round(length / SIDE)))) * align  # even: a narrow one is nearly all halo
    for first in range(0, length, step):
        last = min(length, first + step)
        yield Span(max(0, first - halo), min(length, last + halo), first, last)


def in_tiles(compute: Compute, picture: Tensor, taps: Sequence[str], places: Sequence[Tile]) -> dict[str, Tensor]:
    """The maps of `picture` (N×3×H×W) at `taps` by `compute`, tile by tile; differentiable once."""
    found: tuple[Tensor, ...] = _InTiles.apply(picture, compute, tuple(taps), places)
    return dict(zip(taps, found, strict=True))


class _InTiles(torch.autograd.Function):
    """Forward the taps' maps, put together; backward each tile's own gradient, summed where halos overlap."""

    @staticmethod
    def forward(
        ctx: Any, picture: Tensor, compute: Compute, taps: tuple[str, ...], places: Sequence[Tile]
    ) -> tuple[Tensor, ...]:
        ctx.save_for_backward(picture)
        ctx.compute, ctx.taps, ctx.places = compute, taps, places
        ctx.set_materialize_grads(False)
        whole: dict[str, Tensor] = {}
        for tile in places:
            for tap, found in compute(tile.of(picture), taps).items():
                stride = stride_of(tap)
                if tap not in whole:
                    whole[tap] = _empty(found, [e // stride for e in picture.shape[-2:]])
                whole[tap][tile.place(stride)] = found[tile.inner(stride)]
        return tuple(whole[tap] for tap in taps)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor | None) -> tuple[Tensor | None, ...]:
        (picture,) = ctx.saved_tensors
        asked = {tap: grad for tap, grad in zip(ctx.taps, grads, strict=True) if grad is not None}
        gradient = torch.zeros_like(picture)
        for tile in ctx.places if asked else ():
            with torch.enable_grad():
                pixels = tile.of(picture).detach().requires_grad_(True)
                maps = ctx.compute(pixels, list(asked))
                inner = [maps[tap][tile.inner(stride_of(tap))] for tap in asked]
            wanted = [grad[tile.place(stride_of(tap))] for tap, grad in asked.items()]
            tile.of(gradient).add_(torch.autograd.grad(inner, pixels, wanted)[0])
        return gradient, None, None, None


def _empty(like: Tensor, size: Sequence[int]) -> Tensor:
    """A map N×C×H×W without values, laid out as a tile's is."""
    last = like.is_contiguous(memory_format=torch.channels_last)
    form = torch.channels_last if last else torch.contiguous_format
    return torch.empty((*like.shape[:2], *size), dtype=like.dtype, device=like.device, memory_format=form)
