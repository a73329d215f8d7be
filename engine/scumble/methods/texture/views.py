"""A style's picture at the size of the strokes that are wanted, turned and mirrored, in windows of bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ...styles.source import StyleSource, resized

TRIMMED = 0.015  # of each side: frames, margins and the scan's border
LARGEST = 2048  # pixels of a style's long side: more is never looked at
LEAST = 32  # pixels of a view's short side
SOLID = 0.98  # of the most that is covered anywhere: what is more transparent than that is no paint


@dataclass(frozen=True)
class Paint:
    """A style's paint: pixels 1×3×h×w in [0, 1] and their coverage 1×1×h×w, with its long side in computed pixels.

    `side` may be smaller or larger than the pixels' own long side: it says how large strokes are to be.
    """

    pixels: Tensor
    coverage: Tensor
    side: float

    def scaled(self, ratio: float) -> Paint:
        """The same paint where everything is `ratio` as large."""
        return Paint(self.pixels, self.coverage, self.side * ratio)


def paint_of(source: StyleSource, side: float) -> Paint | None:
    """A style's paint, its long side at `side` computed pixels; None where it has no picture. Raises `picture-…`."""
    picture = source.picture(min(side, LARGEST))
    if picture is None:
        return None
    if picture.native < max(picture.pixels.shape[-2:]):  # enlarging waits until a part of it is needed
        picture = source.picture(picture.native / picture.share) or picture
    return Paint(picture.pixels, picture.coverage, side * picture.share)


@dataclass(frozen=True)
class View:
    """One window of a style in one orientation: pixels 1×3×h×w, and where they are paint (h×w bool)."""

    pixels: Tensor
    solid: Tensor


@dataclass(frozen=True)
class Window:
    """A part of a style's picture, still in its own pixels; `ratio` is how large they become where it is used.

    `full` is the most that the picture covers anywhere: 1, or less for thin or faint strokes on a transparent layer.
    """

    pixels: Tensor
    coverage: Tensor
    ratio: float
    orientation: int
    full: float = 1.0

    def view(self, ratio: float = 1.0, step: int = 1) -> View:
        """The window where everything is `ratio` as large; sides are multiples of `step`."""
        sides = [max(step, round(n * self.ratio * ratio) // step * step) for n in self.pixels.shape[-2:]]
        pixels = resized(self.pixels, (sides[0], sides[1]))
        solid = resized(self.coverage, (sides[0], sides[1]))[0, 0] > SOLID * self.full
        return View(oriented(pixels, self.orientation).contiguous(), oriented(solid, self.orientation).contiguous())


def oriented(t: Tensor, orientation: int) -> Tensor:
    """`t` (…×H×W) turned by `orientation` mod 4 quarters, from 4 on mirrored first."""
    return (t.flip(-1) if orientation >= 4 else t).rot90(orientation % 4, (-2, -1))


def part_of(t: Tensor, orientation: int, y: int, x: int, size: tuple[int, int]) -> Tensor:
    """The `size` (height, width) at `y`, `x` of `t` (…×H×W) in an orientation, as far as it reaches; nothing else is
    turned."""
    tall, wide = t.shape[-2:]
    turned = orientation % 2 == 1
    h, w = min(size[0], (wide if turned else tall) - y), min(size[1], (tall if turned else wide) - x)
    rows, columns = {
        0: ((y, y + h), (x, x + w)),
        1: ((x, x + w), (wide - y - h, wide - y)),
        2: ((tall - y - h, tall - y), (wide - x - w, wide - x)),
        3: ((tall - x - w, tall - x), (y, y + h)),
    }[orientation % 4]
    if orientation >= 4:
        columns = (wide - columns[1], wide - columns[0])
    return oriented(t[..., slice(*rows), slice(*columns)], orientation)


def windows_of(paint: Paint, orientations: Sequence[int], most: int, seed: int) -> list[Window]:
    """A window for each orientation; its sides are at most `most` computed pixels.

    A style that is larger at its stroke size is seen in parts, another for each orientation: what follows costs as
    much as `most` allows.
    """
    height, width = paint.pixels.shape[-2:]
    ratio = max(paint.side / max(height, width), LEAST / min(height, width))
    cut = [int(n * TRIMMED) if n * ratio > 2 * LEAST else 0 for n in (height, width)]
    inner = (height - 2 * cut[0], width - 2 * cut[1])
    size = [min(n, max(1, int(most / ratio))) for n in inner]
    generator, full = torch.Generator().manual_seed(seed), _fullest(paint.coverage, ratio)
    found = []
    for orientation in orientations:
        top, left = (
            int(torch.randint(0, n - w + 1, (1,), generator=generator)) for n, w in zip(inner, size, strict=True)
        )
        rows, columns = slice(cut[0] + top, cut[0] + top + size[0]), slice(cut[1] + left, cut[1] + left + size[1])
        parts = (paint.pixels[..., rows, columns], paint.coverage[..., rows, columns])
        found.append(Window(*parts, ratio, orientation, full))
    return found


def solid_places(views: Sequence[View], grid: int) -> list[Tensor]:
    """For each of a style's views the places of its grid (indices) that are wholly paint; or, where none is, those
    that are so the most."""
    shares = [F.avg_pool2d(view.solid[None, None].float(), grid).flatten() for view in views]
    most = max(float(share.max()) for share in shares)
    return [torch.nonzero(share >= most)[:, 0] for share in shares]


def _fullest(coverage: Tensor, ratio: float) -> float:
    """The most that is covered anywhere, at the size of use."""
    sides = [max(1, round(n * min(1.0, ratio))) for n in coverage.shape[-2:]]
    return float(resized(coverage, (sides[0], sides[1])).max()) or 1.0
