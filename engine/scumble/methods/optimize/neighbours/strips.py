"""Large pictures in strips of rows: room for one alone. Only shallow taps see so little that it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ....features.encoder import Encoder
from ....losses.columns import GRID, LAST_SHALLOW, Parts, columns_of

ROWS = 64  # of places; even, for every tap falls onto the grid by pairs of them
MARGIN = 4  # rows of places beyond a strip: conv3_1 sees 13 pixels far


class Strip(NamedTuple):
    """Which columns of a picture are a strip's, the rows of pixels that show them, and which of theirs they are."""

    places: slice
    pixels: slice
    inside: slice


def strips_of(picture: Tensor, taps: Sequence[str]) -> Iterator[Strip]:
    """The strips of `picture` (1×3×H×W): a single one where a tap looks far."""
    rows, width = picture.shape[-2] // GRID, picture.shape[-1] // GRID
    each = ROWS if all(tap <= LAST_SHALLOW for tap in taps) else rows
    for top in range(0, rows, each):
        bottom = min(rows, top + each)
        first, last = max(0, top - MARGIN), min(rows, bottom + MARGIN)
        inside = slice((top - first) * width, (bottom - first) * width)
        yield Strip(slice(top * width, bottom * width), slice(first * GRID, last * GRID), inside)


@torch.no_grad()
def columns_in_strips(encoder: Encoder, picture: Tensor, taps: Sequence[str]) -> Parts:
    """As `columns_of`, without a derivative."""
    found = []
    for strip in strips_of(picture, taps):
        parts = columns_of(encoder, picture[..., strip.pixels, :], taps)
        found.append([part[strip.inside] for part in parts])
    return found[0] if len(found) == 1 else [torch.cat(p) for p in zip(*found, strict=True)]
