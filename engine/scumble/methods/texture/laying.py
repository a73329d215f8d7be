"""The style's own large texture laid under flat areas, so that a sky gets swirls and not the canvas alone.

A window of the painting is looked for whose light and dark fit the content; its band between brush strokes and
composition is added. What occurs only once in a painting (see `motifs`) is no texture and stays out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from ...features.encoder import Encoder
from ...styles.source import resized
from ..problem import Amount
from .motifs import rarity
from .views import Paint, oriented, part_of, windows_of

CELL = 0.7  # of the style's short side that a cell spans
BAND = 7.0  # the largest texture, as a part of the style's long side
RARITY = 0.05  # the price of a motif in a window, in squared colour
SOFT = 6  # pixels at which light and dark are compared


@dataclass(frozen=True)
class Search:
    """How windows are looked for: compared with a cell's long side at `coarse` pixels, `trials` for each cell."""

    coarse: int
    trials: int


THOROUGH, QUICK = Search(96, 480), Search(32, 240)


@dataclass(frozen=True)
class Texture:
    """A style ready to be laid: its picture 1×3×h×w at its stroke size, the band of it that is texture, and how common
    each place is, 1×1×h×w in [0, 1]."""

    pixels: Tensor
    band: Tensor
    common: Tensor
    _reduced: dict[tuple[int, int], list[Tensor]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, paint: Paint, encoder: Encoder, most: int, seed: int) -> Texture:
        """From paint; `most` bounds the sides, in computed pixels, of the part that is used."""
        (whole,) = windows_of(paint, (0,), most, seed)
        view = whole.view()
        common = (1 - rarity(whole, encoder))[None, None]
        common = F.interpolate(common, size=view.pixels.shape[-2:], mode="bilinear")
        band = (view.pixels - _smooth(view.pixels, paint.side / BAND)) * common * view.solid
        return cls(view.pixels, band, common)

    def reduced(self, ratio: float) -> list[Tensor]:
        """Its picture with light and dark smoothed, and how rare each place is, at `ratio` of its size: 1×4×h×w in each
        of eight orientations; kept for the next content of the same size."""
        small = [max(4, round(n * ratio)) for n in self.pixels.shape[-2:]]
        key = (small[0], small[1])
        views = self._reduced.get(key)
        if views is None:
            pixels = _smooth(resized(self.pixels, key), SOFT)
            view = torch.cat([pixels, 1 - F.interpolate(self.common, size=small, mode="area")], 1)
            views = [oriented(view, i).contiguous() for i in range(8)]
            self._reduced.clear()  # a job and its guest may both be here: neither reads what the other takes away
            self._reduced[key] = views
        return views

    @property
    def span(self) -> float:
        """How many pixels a cell spans."""
        return max(32.0, CELL * min(self.pixels.shape[-2:]))


def textures_of(paints: Sequence[Paint], size: tuple[int, int], encoder: Encoder, seed: int) -> list[Texture]:
    """Textures for a content of `size` (height, width)."""
    return [Texture.of(p, encoder, 4 * max(size), seed) for p in paints]


def lay_texture(
    content: Tensor,
    flat: Tensor,
    shares: Tensor,
    textures: Sequence[Texture],
    amount: Amount,
    seed: int,
    search: Search = THOROUGH,
) -> Tensor:
    """`content` (1×3×H×W in the styles' colours) with `amount` (0 … 1) of texture where `flat` (1×1×H×W) is 1."""
    out = content
    for texture, share in zip(textures, shares, strict=True):
        where = flat * share
        if float(where.mean()) >= 1e-3:
            out = out + amount * where * _laid(content, where, texture, seed, search)
    return out.clamp(0, 1)


def _laid(content: Tensor, where: Tensor, texture: Texture, seed: int, search: Search) -> Tensor:
    """The band of the style over the whole of `content`, from a window for each cell of a grid."""
    height, width = content.shape[-2:]
    rows, columns = _cells(height, texture.span), _cells(width, texture.span)
    total, weights = torch.zeros_like(content), torch.zeros_like(where)
    fitting = _Fitting(texture, max(c[1] - c[0] for c in (*rows, *columns)), search, seed)
    for top, bottom, down in rows:
        for left, right, along in columns:
            box = (slice(None), slice(None), slice(top, bottom), slice(left, right))
            if float(where[box].max()) <= 0:
                continue
            orientation, y, x = fitting.best(content[box], where[box])
            piece = part_of(texture.band, orientation, y, x, (bottom - top, right - left))
            weight = (down[:, None] * along[None]).to(piece)[: piece.shape[-2], : piece.shape[-1]]
            area = (slice(None), slice(None), slice(top, top + piece.shape[-2]), slice(left, left + piece.shape[-1]))
            total[area] += piece * weight
            weights[area] += weight.square()
    return total / weights.sqrt().clamp_min(0.3)  # so that crossing pieces keep their strength


class _Fitting:
    """Windows of a texture that fit cells of a content, at random and by `seed`."""

    def __init__(self, texture: Texture, longest: int, search: Search, seed: int) -> None:
        """`longest` is the longest side of a cell."""
        self.size, self.ratio = texture.pixels.shape[-2:], min(1.0, search.coarse / longest)
        self.generator, self.trials = torch.Generator().manual_seed(seed), search.trials
        self.views = texture.reduced(self.ratio)

    def best(self, content: Tensor, where: Tensor) -> tuple[int, int, int]:
        """The orientation, and the row and column in the oriented style, of the window that fits `content` best."""
        height, width = content.shape[-2:]
        small = [min(max(4, round(n * self.ratio)), *self.views[0].shape[-2:]) for n in (height, width)]
        near = max(1, min(height // small[0], width // small[1]) // 4)  # most of the way the quick way
        c = _smooth(resized(F.avg_pool2d(content, near), (small[0], small[1])), SOFT)
        w = F.interpolate(where, size=small, mode="area")
        each, places, windows = self.trials // 8, [], []
        for view in self.views:
            ys, xs = (
                torch.randint(0, n - s + 1, (each,), generator=self.generator).to(view.device)
                for n, s in zip(view.shape[-2:], small, strict=True)
            )
            places.append(torch.stack([ys, xs], 1))
            windows.append(_at(view, ys, xs, small))
        all_of = torch.cat(windows, 1)
        cost = (all_of[:3] - c[0, :, None]).square_().sum(0).add_(all_of[3], alpha=RARITY).mul_(w[0]).sum((1, 2))
        i = int(cost.argmin())
        orientation, (y, x) = i // each, torch.cat(places)[i].tolist()
        full, coarse = (_turned(s, orientation) for s in (self.size, self.views[0].shape[-2:]))
        y, x = y * full[0] // coarse[0], x * full[1] // coarse[1]
        return orientation, min(y, max(0, full[0] - height)), min(x, max(0, full[1] - width))


def _turned(size: Sequence[int], orientation: int) -> tuple[int, int]:
    """A height and width in an orientation."""
    return (size[1], size[0]) if orientation % 2 else (size[0], size[1])


def _at(t: Tensor, y: Tensor, x: Tensor, size: list[int]) -> Tensor:
    """The windows of `t` (1×C×H×W) with their corners at `y`, `x` (n): C×n×h×w."""
    windows: Tensor = t[0].unfold(1, size[0], 1).unfold(2, size[1], 1)[:, y, x]
    return windows


def _cells(length: int, span: float) -> list[tuple[int, int, Tensor]]:
    """Overlapping intervals that cover `length`, each with its weights, which rise and fall smoothly."""
    count = max(1, math.ceil(length / span))
    if count == 1:
        return [(0, length, torch.ones(length))]
    step = length / count
    found = []
    for i in range(count):
        first, last = max(0, round((i - 0.25) * step)), min(length, round((i + 1.25) * step))
        at = (torch.arange(first, last).float() + 0.5 - i * step) / step  # 0 … 1 within the cell
        rise = ((at + 0.25) / 0.5).clamp(0, 1) if i else torch.ones_like(at)
        fall = ((1.25 - at) / 0.5).clamp(0, 1) if i < count - 1 else torch.ones_like(at)
        found.append((first, last, torch.sin(rise * math.pi / 2) * torch.sin(fall * math.pi / 2)))
    return found


def _smooth(t: Tensor, by: float) -> Tensor:
    small = [max(2, round(n / by)) for n in t.shape[-2:]]
    down = F.interpolate(t, size=small, mode="bilinear", antialias=True)
    return F.interpolate(down, size=t.shape[-2:], mode="bicubic")
