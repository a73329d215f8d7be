"""Sampling at any place with all processors: torch's own gives each picture of a batch to one of them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def sampled(picture: Tensor, grid: Tensor, *, align_corners: bool) -> Tensor:
    """A picture 1×C×(D×)h×w at the places of `grid`, 1×(1×)H×W×k in [-1, 1], linear between its pixels and repeated
    beyond its border: 1×C×H×W. As `torch.nn.functional.grid_sample`, a part of the rows by each thread."""
    height = grid.shape[-3]
    parts = torch.get_num_threads() if grid.device.type == "cpu" else 1
    rows = height // parts
    if parts == 1 or not rows:
        return _sampled(picture, grid, align_corners)
    depth = (1,) * (grid.ndim - 4)
    some = grid[..., : parts * rows, :, :].reshape(parts, *depth, rows, *grid.shape[-2:])
    found = _sampled(picture.expand(parts, *picture.shape[1:]), some, align_corners)
    whole = found.transpose(0, 1).flatten(1, 2)[None]
    if parts * rows == height:
        return whole
    return torch.cat([whole, _sampled(picture, grid[..., parts * rows :, :, :], align_corners)], 2)


def _sampled(picture: Tensor, grid: Tensor, align_corners: bool) -> Tensor:
    found = F.grid_sample(picture, grid, padding_mode="border", align_corners=align_corners)
    return found[:, :, 0] if grid.ndim == 5 else found
