"""Enlarge paint as paint: smooth along its strokes, crisp across them.

Interpolation alone leaves strokes as soft as they are large. Here each place is averaged along the direction in which
the painting changes least, and pushed across it to the darker or the lighter side of an edge (Kyprianidis & Kang 2011,
“Image and Video Abstraction by Coherence-Enhancing Filtering”). Deviations: a smoothed structure tensor is used once;
streamlines are straight, as they are short; instead of a shock filter's many small steps one step of sharpening is
bounded by what lies a little to either side, so that no edge gets a rim.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from .bicubic import enlarged_rows, linear_rows
from .patches import averaged
from .sampling import sampled

FIELD = 4  # pixels of the small picture over which directions are averaged, twice
ALONG, STEPS = 2.5, 3  # pixels of the small picture that a streamline goes each way, and in how many steps
ACROSS = 0.6  # pixels of the small picture to either side of what is sharpened
SHARP = 4.0  # times the difference to what lies there that is added


class Coherent:
    """A small painting 1×3×h×w at `size`, asked for in bands of rows: whatever bands, the same but for rounding."""

    def __init__(self, painted: Tensor, size: tuple[int, int]) -> None:
        self.painted, self.tensors, self.size = painted, _tensors(painted), size
        factor = max(size) / max(painted.shape[-2:])
        self.scale = factor * min(1.0, max(0.0, factor - 1))  # what is hardly enlarged is hardly changed
        self.halo = math.ceil((ALONG + ACROSS) * self.scale) + 1

    def rows(self, top: int, bottom: int) -> Tensor:
        """The rows [top, bottom), 1×3×n×W."""
        if self.scale < 1e-3:
            return enlarged_rows(self.painted, self.size, top, bottom)
        first, last = max(0, top - self.halo), min(self.size[0], bottom + self.halo)
        along, across = _directions(linear_rows(self.tensors, self.size, first, last))
        painted = enlarged_rows(self.painted, self.size, first, last)
        smooth = _smooth(painted, along * (ALONG / STEPS * self.scale))
        return _crisp(smooth, across * (ACROSS * self.scale))[..., top - first : bottom - first, :]


def _tensors(painted: Tensor) -> Tensor:
    """The smoothed structure tensors of a painting 1×3×h×w: 1×3×h×w, of which the second is off the diagonal."""
    padded = F.pad(painted, (1, 1, 1, 1), mode="replicate")
    above, here, below = padded[..., :-2, :], padded[..., 1:-1, :], padded[..., 2:, :]
    even, odd = above + 2 * here + below, below - above
    x = (even[..., 2:] - even[..., :-2]) / 8  # Sobel's
    y = (odd[..., 2:] + 2 * odd[..., 1:-1] + odd[..., :-2]) / 8
    products = torch.cat([(a * b).sum(1, keepdim=True) for a, b in ((x, x), (x, y), (y, y))], 1)
    around = F.pad(products, (FIELD - 1,) * 4, mode="replicate")
    return averaged(averaged(around, FIELD), FIELD)


def _directions(tensors: Tensor) -> tuple[Tensor, Tensor]:
    """Where strokes run and what lies across them, H×W×2 each (x, y): unit vectors, shorter where no direction
    prevails."""
    xx, xy, yy = tensors[0]
    apart = torch.hypot(xx - yy, 2 * xy)
    prevails = (apart / (xx + yy).clamp_min(1e-6)).clamp(0, 1)
    angle = torch.atan2(2 * xy, xx - yy).div_(2)
    x, y = angle.cos().mul_(prevails), angle.sin_().mul_(prevails)
    return torch.stack([-y, x], -1), torch.stack([x, y], -1)


def _smooth(picture: Tensor, step: Tensor) -> Tensor:
    """Means along straight streamlines, by a bell's weights."""
    place, out, total = _Places(picture, step), picture.clone(), 1.0
    for count in range(1, STEPS + 1):
        weight = math.exp(-1.5 * (count / STEPS) ** 2)
        for way in (-count, count):
            out.add_(place.moved(way), alpha=weight)
            total += weight
    return out.div_(total)


def _crisp(picture: Tensor, step: Tensor) -> Tensor:
    """Sharpened, within what lies a step to either side."""
    place = _Places(picture, step)
    one, other = place.moved(-1), place.moved(1)
    sharp = torch.lerp(torch.lerp(one, other, 0.5), picture, 1 + SHARP)
    least, most = torch.minimum(one, other), torch.maximum(one, other)
    return torch.minimum(torch.maximum(sharp, torch.minimum(least, picture)), torch.maximum(most, picture))


class _Places:
    """A picture 1×3×H×W, to be looked at so many steps (H×W×2 pixels) from each place."""

    def __init__(self, picture: Tensor, step: Tensor) -> None:
        height, width = picture.shape[-2:]
        unit = step.new_tensor([2 / width, 2 / height])
        y, x = ((2 * torch.arange(n, device=step.device, dtype=step.dtype) + 1) / n - 1 for n in (height, width))
        self.at = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)
        self.picture, self.step = picture, step * unit

    def moved(self, steps: int) -> Tensor:
        """What lies there, bilinear."""
        grid = torch.add(self.at, self.step, alpha=steps)[None]
        return sampled(self.picture, grid, align_corners=False)
