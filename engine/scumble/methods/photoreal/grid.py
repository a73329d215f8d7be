"""A painting's colours as affine maps of the photograph's: one at each place and light, smooth from each to the next.

Of a painting only what is broader than its strokes is looked at. In a grid over places and luma each cell has the
affine map of colours that leads best from the photograph to it (Chen, Adams, Wadhwa & Hasinoff 2016, “Bilateral Guided
Upsampling”; Gharbi et al. 2017); the photograph's own luma chooses between them at any size. An edge keeps its place
and gets no halo, for its two sides take different cells; nothing breaks into steps, for maps go over into each other.
Deviations: cells are fitted one by one, from moments that are blurred over the grid, and held to the map of the whole,
in place of one large solution; no map turns light and dark round, flattens them, or stretches what is grain.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ..pixels import LUMA

SEEN = 96  # pixels of the long side of what is compared: strokes are finer
CELLS, LIGHTS = 12, 8  # of the grid: along the picture's long side; from black to white
WHOLE, LOCAL = 1e-3, 6e-3  # variance below which colours tell nothing of a slope: of the whole, and of a cell
DOUBT = 0.02  # of a cell: how much what lies around it counts; all there is where the cell has nothing
LEAST, MOST = 0.35, 1.8  # how much gray rises at least, and any colour at most, by the photograph's
TINY = 1e-6
KERNEL = (0.25, 0.5, 0.25)


@dataclass(frozen=True)
class Grid:
    """Maps of colours, 12×L×h×w: by channel of the result what it takes of red, green, blue and one.

    A grid that is to tile has one more cell on each side, from the other end (`around`: above, beside).
    """

    maps: Tensor
    around: tuple[bool, bool] = (False, False)

    @classmethod
    def fitted(cls, photo: Tensor, painted: Tensor, weight: Tensor, around: tuple[bool, bool] = (False, False)) -> Grid:
        """From a photograph to a painting of it, 1×3×H×W in [0, 1] both, as far as they count (`weight` H×W, ≥ 0).

        What has no weight has no influence. `around`: whether the picture goes on from bottom to top, right to left.
        """
        p, q, w = _reduced(photo, painted, weight)
        whole = _affine(_moments(p, q, w).sum((1, 2))[:, None, None, None], WHOLE, None)
        base = whole[..., 0, 0, 0].view(3, 4)
        rest = q - torch.einsum("ij,jhw->ihw", base[:, :3], p) - base[:, 3, None, None]
        found = _affine(_spread(_moments(p, rest, w), p, w, around), LOCAL, base)
        return cls(_wrapped(found, around), around)

    def rows(self, photo: Tensor, top: int, height: int) -> Tensor:
        """Rows from `top` on of a photograph (1×3×n×W of `height` rows) in the painting's colours; may leave [0, 1]."""
        n, width = photo.shape[-2:]
        place = torch.arange(max(n, width), device=photo.device, dtype=torch.float32) + 0.5
        y, x = self._at(0, (place[:n] + top) / height), self._at(1, place[:width] / width)
        lights = self.maps.shape[1]
        light = ((_luma(photo[0]).clamp(0, 1) * (lights - 1) + 0.5) / lights) * 2 - 1
        at = torch.stack([x.expand(n, width), y[:, None].expand(n, width), light], -1)[None, None]
        maps = F.grid_sample(self.maps[None].to(photo), at, padding_mode="border", align_corners=False)[0, :, 0]
        maps = maps.view(3, 4, n, width)
        return ((maps[:, :3] * photo[0]).sum(1) + maps[:, 3])[None]

    def _at(self, axis: int, place: Tensor) -> Tensor:
        """Places from 0 to 1 along the picture as `grid_sample` counts them."""
        if self.around[axis]:
            cells = self.maps.shape[2 + axis]
            place = (place * (cells - 2) + 1) / cells
        return place * 2 - 1


def _reduced(photo: Tensor, painted: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Both as 3×h×w, in pixels that are means of what counts in them, and the mean weight h×w."""
    each = weight.float()[None, None]
    w = smaller(each, SEEN)
    both = smaller(torch.cat([photo, painted], 1).float() * each, SEEN) / w.clamp_min(TINY)
    return both[0, :3], both[0, 3:], w[0, 0]


def smaller(t: Tensor, side: int) -> Tensor:
    """`t` 1×C×H×W with its long side at `side` pixels at most, in means."""
    ratio = side / max(t.shape[-2:])
    if ratio >= 1:
        return t
    return F.interpolate(t, size=[max(1, round(n * ratio)) for n in t.shape[-2:]], mode="area")


def _moments(p: Tensor, q: Tensor, w: Tensor) -> Tensor:
    """What a fit of q to p needs, weighed, at each pixel: 28×h×w, the products of (p, 1) with (p, 1, q)."""
    one = torch.ones_like(w)[None]
    known = torch.cat([p, one])
    return (known[:, None] * torch.cat([known, q])[None]).flatten(0, 1) * w


def _spread(moments: Tensor, p: Tensor, w: Tensor, around: tuple[bool, bool]) -> Tensor:
    """The moments over the grid, C×L×h×w: each cell's own, and a little of what lies around it and of all."""
    light = _luma(p).clamp(0, 1) * (LIGHTS - 1)
    near = (1 - (light - torch.arange(LIGHTS, device=p.device)[:, None, None]).abs()).clamp_min(0)
    ratio = CELLS / max(w.shape)
    cells = [max(1, round(n * ratio)) for n in w.shape]
    grid = torch.stack([F.interpolate((moments * n)[None], size=cells, mode="area")[0] for n in near], 1)
    for axis, wraps in ((1, False), (2, around[0]), (3, around[1])):
        grid = _blurred(grid, axis, wraps)
    scale = w.mean().clamp_min(TINY)
    lights, every = grid.sum(1, keepdim=True), grid.mean((2, 3), keepdim=True)
    all_of_it = every.sum(1, keepdim=True)
    return (grid + DOUBT * (lights + every + DOUBT * all_of_it)) / scale


def _blurred(grid: Tensor, axis: int, wraps: bool) -> Tensor:
    n = grid.shape[axis]
    before, after = (grid.narrow(axis, n - 1, 1), grid.narrow(axis, 0, 1))
    if not wraps:
        before, after = torch.zeros_like(before), torch.zeros_like(after)
    wide = torch.cat([before, grid, after], axis)
    return torch.stack([k * wide.narrow(axis, i, n) for i, k in enumerate(KERNEL)]).sum(0)


def _affine(moments: Tensor, ridge: float, base: Tensor | None) -> Tensor:
    """The maps 12×L×h×w that moments 28×L×h×w ask for: beside `base` (3×4), or beside none and held to no change."""
    m = moments.permute(1, 2, 3, 0).cpu().double()  # a few numbers
    m = m.view(*m.shape[:3], 4, 7)
    m = m / m[..., 3:4, 3:4].clamp_min(TINY**2)
    mean, wanted = m[..., 3, :3], m[..., 3, 4:]
    eye = torch.eye(3, device=m.device, dtype=m.dtype)
    own = m[..., :3, :3] - mean[..., :, None] * mean[..., None, :] + ridge * eye
    both = m[..., :3, 4:] - mean[..., :, None] * wanted[..., None, :]
    if base is None:
        slope = torch.linalg.solve(own, both + ridge * eye).mT
    else:
        start = base.to(m)
        slope = torch.linalg.solve(own, both).mT + start[:, :3]
        wanted = wanted + mean @ start[:, :3].t() + start[:, 3]
    slope = _bounded(slope)
    offset = wanted - (slope @ mean[..., None])[..., 0]
    return torch.cat([slope, offset[..., None]], -1).flatten(-2).permute(3, 0, 1, 2).float().to(moments.device)


def _bounded(slope: Tensor) -> Tensor:
    """Slopes …×3×3 under which no colour is stretched too far, for grain with it, and gray rises as much as it must."""
    left, values, right = torch.linalg.svd(slope)
    slope = left @ (values.clamp_max(MOST)[..., None] * right)
    weights = slope.new_tensor(LUMA)
    rises = (weights @ slope).sum(-1)
    more = rises.clamp_min(LEAST) - rises
    return slope + more[..., None, None] * weights.expand(3, 3)


def _wrapped(maps: Tensor, around: tuple[bool, bool]) -> Tensor:
    for axis, wraps in zip((2, 3), around, strict=True):
        if wraps:
            maps = torch.cat([maps.narrow(axis, maps.shape[axis] - 1, 1), maps, maps.narrow(axis, 0, 1)], axis)
    return maps


def _luma(colors: Tensor) -> Tensor:
    """Luma H×W of 3×H×W."""
    return torch.einsum("c,chw->hw", colors.new_tensor(LUMA), colors)
