"""A composition of our own for a swatch: colours that flow, with all of a painting's palette and none of its shapes."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

OCTAVES = ((4, 1.0), (8, 0.7), (16, 0.5), (32, 0.3))  # cells across, strength
SLICES = 40  # random directions in which colours are brought to the painting's
STREAKS = ((24, 0.7), (64, 0.5), (160, 0.35))  # grains across, strength: strokes of three widths
LENGTH = 14  # grains that a streak is long, to either side
PLAIN = 6.0  # pixels: what varies within so few is stroke, not palette


def composition(painting: Tensor, side: int, seed: int) -> Tensor:
    """1×3×`side`×`side` in [0, 1] with the palette of `painting` (1×3×H×W): smooth fields, and streaks along a flow."""
    generator = torch.Generator().manual_seed(seed)
    field = _noise(3, side, generator)
    angle = _noise(1, side, generator, OCTAVES[:2])[0, 0] * math.pi
    for grains, strength in STREAKS:
        grain = torch.randn(1, 3, grains, grains, generator=generator)
        rough = F.interpolate(grain, size=(side, side), mode="bicubic")
        field = field + strength * _along(rough, angle, side / grains / 2)
    return _in_colors_of(painting, field, generator)


def _noise(
    channels: int, side: int, generator: torch.Generator, octaves: tuple[tuple[int, float], ...] = OCTAVES
) -> Tensor:
    layers = []
    for cells, strength in octaves:
        noise = torch.randn(1, channels, cells, cells, generator=generator)
        layers.append(strength * F.interpolate(noise, size=(side, side), mode="bicubic"))
    return torch.stack(layers).sum(0)


def _along(t: Tensor, angle: Tensor, step: float) -> Tensor:
    """`t` smeared along the direction `angle` (H×W, radians): line integral convolution (Cabral & Leedom 1993)."""
    side = t.shape[-1]
    axis = (torch.arange(side) + 0.5) / side * 2 - 1
    start = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1)
    total = t.clone()
    for sign in (-1.0, 1.0):
        at = start.clone()
        for _ in range(LENGTH):
            turn = F.grid_sample(
                torch.stack([angle.cos(), angle.sin()])[None], at[None], "bilinear", "reflection", False
            )
            at = at + sign * step * 2 / side * turn[0].permute(1, 2, 0)
            total = total + _sampled(t, at)
    return total / total.std().clamp_min(1e-6)


def _sampled(t: Tensor, at: Tensor) -> Tensor:
    return F.grid_sample(t, at[None], "bilinear", "reflection", False)


def _in_colors_of(painting: Tensor, field: Tensor, generator: torch.Generator) -> Tensor:
    """`field` with the distribution of the painting's plain colours: sliced optimal transport (Pitié et al. 2007)."""
    small = [max(8, round(n / PLAIN)) for n in painting.shape[-2:]]
    wanted = F.interpolate(painting, size=small, mode="area")[0].flatten(1)
    now = field[0].flatten(1)
    now = (now - now.mean(1, keepdim=True)) / now.std(1, keepdim=True)
    now = now * wanted.std(1, keepdim=True) + wanted.mean(1, keepdim=True)
    rank = (torch.arange(now.shape[1]) * wanted.shape[1] // now.shape[1]).long()
    for _ in range(SLICES):
        basis, _ = torch.linalg.qr(torch.randn(3, 3, generator=generator))
        turned, goal = basis @ now, (basis @ wanted).sort(1)[0]
        for i in range(3):
            turned[i, turned[i].argsort()] = goal[i, rank]
        now = basis.t() @ turned
    return now.view_as(field).clamp(0, 1)
