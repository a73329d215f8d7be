"""The style's own large texture laid under flat areas, so that a sky gets swirls and not the canvas alone.

A window of the painting is looked for whose light and dark fit the content; its band between brush strokes and
composition is added. What occurs only once in a painting (a head, a signature, a frame) is no texture and stays out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from ....features.encoder import Encoder
from ....styles.source import resized
from ..course import STEP
from ..views import Paint, Window, oriented, windows_of
from .columns import GRID, TAPS, columns_of

COARSE = 96  # pixels of the long side at which windows are compared
TRIALS = 480  # windows compared for a cell
CELL = 0.7  # of the style's short side that a cell spans
BAND = 7.0  # the largest texture, as a part of the style's long side
SIDE = 160  # pixels of the style's long side at which it is searched for what occurs once
APART = 4  # places: what is nearer is the same thing
COMMON, RARE = 1.0, 1.5  # distances to the nearest likeness over their median: texture up to the first, motif from
RARITY = 0.05  # the price of a motif in a window, in squared colour
TAPS_OF_THINGS = TAPS[4:]


def lay_texture(
    content: Tensor, flat: Tensor, shares: Tensor, paints: Sequence[Paint], encoder: Encoder, amount: float, seed: int
) -> Tensor:
    """`content` (1×3×H×W in the styles' colours) with `amount` (0 … 1) of texture where `flat` (1×1×H×W) is 1."""
    out = content
    for paint, share in zip(paints, shares, strict=True):
        where = flat * share
        if float(where.mean()) < 1e-3:
            continue
        out = out + amount * where * _texture(content, where, paint, encoder, seed)
    return out.clamp(0, 1)


def _texture(content: Tensor, where: Tensor, paint: Paint, encoder: Encoder, seed: int) -> Tensor:
    """The band of the style over the whole of `content`, from a window for each cell of a grid."""
    height, width = content.shape[-2:]
    (whole,) = windows_of(paint, (0,), 4 * max(height, width), seed)
    view = whole.view()
    common = (1 - rarity(whole, encoder))[None, None]
    common = F.interpolate(common, size=view.pixels.shape[-2:], mode="bilinear")
    band = (view.pixels - _smooth(view.pixels, paint.side / BAND)) * common * view.solid
    span = max(32.0, CELL * min(view.pixels.shape[-2:]))
    rows, columns = _cells(height, span), _cells(width, span)
    total, weights = torch.zeros_like(content), torch.zeros_like(where)
    generator = torch.Generator().manual_seed(seed)
    for top, bottom, down in rows:
        for left, right, along in columns:
            box = (slice(None), slice(None), slice(top, bottom), slice(left, right))
            orientation, y, x = _fitting(content[box], where[box], view.pixels, common, generator)
            piece = oriented(band, orientation)[..., y : y + bottom - top, x : x + right - left]
            weight = (down[:, None] * along[None])[: piece.shape[-2], : piece.shape[-1]]
            area = (slice(None), slice(None), slice(top, top + piece.shape[-2]), slice(left, left + piece.shape[-1]))
            total[area] += piece * weight
            weights[area] += weight.square()
    return total / weights.sqrt().clamp_min(0.3)  # so that crossing pieces keep their strength


def rarity(window: Window, encoder: Encoder) -> Tensor:
    """How much of a thing that occurs once is at each place of a window: h×w in [0, 1]."""
    ratio = SIDE / max(n * window.ratio for n in window.pixels.shape[-2:])
    view = window.view(ratio, STEP)
    size = [n // GRID for n in view.pixels.shape[-2:]]
    with torch.no_grad():
        parts = columns_of(encoder, view.pixels, TAPS_OF_THINGS)
        turned = columns_of(encoder, view.pixels.rot90(2, (2, 3)).contiguous(), TAPS_OF_THINGS)
    unit, other = _unit(parts), _unit(turned)
    at = torch.stack(torch.meshgrid(torch.arange(size[0]), torch.arange(size[1]), indexing="ij"), -1).flatten(0, 1)
    far = (at[:, None] - at[None]).abs().amax(-1).to(unit.device) > APART
    near = torch.maximum(
        (unit @ unit.t()).where(far, unit.new_tensor(-1.0)).amax(1), _far(unit @ other.t(), far).amax(1)
    )
    distance = (1 - near).view(1, 1, *size)
    distance = F.avg_pool2d(F.pad(distance, (1,) * 4, mode="replicate"), 3, 1)
    relative = distance / distance.median().clamp_min(1e-6)
    return ((relative - COMMON) / (RARE - COMMON)).clamp(0, 1)[0, 0]


def _far(similar: Tensor, far: Tensor) -> Tensor:
    return similar.where(far.flip(1), similar.new_tensor(-1.0))


def _unit(parts: Sequence[Tensor]) -> Tensor:
    columns = torch.cat([p.float() / p.float().norm(dim=1).mean().clamp_min(1e-6) for p in parts], 1)
    return F.normalize(columns - columns.mean(0), dim=1)


def _fitting(
    content: Tensor, where: Tensor, style: Tensor, common: Tensor, generator: torch.Generator
) -> tuple[int, int, int]:
    """The orientation, and the row and column in the oriented style, of the window that fits `content` best."""
    height, width = content.shape[-2:]
    ratio = min(1.0, COARSE / max(height, width))
    small = [max(4, round(n * ratio)) for n in (height, width)]
    c, w = _smooth(resized(content, (small[0], small[1])), 6), F.interpolate(where, size=small, mode="area")
    best = (math.inf, 0, 0, 0)
    for orientation in range(8):
        turned = oriented(style, orientation)
        size = [max(s, round(n * ratio)) for s, n in zip(small, turned.shape[-2:], strict=True)]
        p = _smooth(resized(turned, (size[0], size[1])), 6)
        rare = 1 - F.interpolate(oriented(common, orientation), size=size, mode="bilinear")
        ys, xs = (
            torch.randint(0, n - s + 1, (TRIALS // 8,), generator=generator) for n, s in zip(size, small, strict=True)
        )
        far = (_at(p, ys, xs, small) - c[0, :, None]).square().sum(0)
        cost = (w[0] * (far + RARITY * _at(rare, ys, xs, small)[0])).sum((1, 2))
        i = int(cost.argmin())
        if float(cost[i]) < best[0]:
            down, right = int(ys[i]) * turned.shape[-2] // size[0], int(xs[i]) * turned.shape[-1] // size[1]
            best = (float(cost[i]), orientation, down, right)
    _, orientation, y, x = best
    turned_size = oriented(style, orientation).shape[-2:]
    return orientation, min(y, max(0, turned_size[0] - height)), min(x, max(0, turned_size[1] - width))


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
