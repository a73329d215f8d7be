"""Patches of 3×3 positions of a grid of columns."""

from __future__ import annotations

import torch
from torch import Tensor

from .moments import rows

SIDE = 3  # positions of a patch's side (Li & Wand 2016, section 3)


def unrolled(columns: Tensor, places: Tensor, size: tuple[int, int]) -> Tensor:
    """The patches around `places` (N indices) of columns (H·W)×D on a grid of `size`: N×9×D.

    Beyond the border the columns at it go on, so that small grids have patches too.
    """
    return columns[around(places, size)[0]]


def around(places: Tensor, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """For each place the indices of its patch (N×9), and which of these lie within the grid (N×9 bool)."""
    height, width = size
    steps = torch.arange(SIDE, device=places.device) - SIDE // 2
    row = places[:, None] // width + steps.repeat_interleave(SIDE)
    column = places[:, None] % width + steps.repeat(SIDE)
    within = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    return row.clamp(0, height - 1) * width + column.clamp(0, width - 1), within


def sampled_patches(features: Tensor, solid: Tensor, most: int, seed: int) -> Tensor:
    """At most `most` patches M×9×C of features C×H×W, chosen by `seed`, where all is `solid` (H×W bool) if any is."""
    size = (features.shape[1], features.shape[2])
    every = torch.arange(size[0] * size[1], device=features.device)
    index, within = around(every, size)
    good = (solid.flatten()[index] & within).all(1)
    places = every[good] if bool(good.any()) else every
    if len(places) > most:
        some = torch.randperm(len(places), generator=torch.Generator().manual_seed(seed))[:most]
        places = places[some.to(places.device)]
    return unrolled(rows(features), places, size).float()
