"""Swatches: for each named style a picture that our own code paints with the painting's palette and strokes.

    python -m scumble.training.library.swatches --styles FOLDER [--names …]

A composition of our own is painted by the objective “neighbours” after the painting, which stays outside. No window of
the painting may be found again in a swatch (`likest`): one that fails is painted anew with another seed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from ...features.registry import load_encoder
from ...methods.base import Reporter
from ...methods.device import choose_dtype
from ...methods.optimize.neighbours import paint
from ...methods.problem import PaintedStyle, Problem
from ...methods.regions import Regions
from ...methods.texture.views import oriented
from ...styles.library import CARDS
from ...styles.statistics import PictureStyle
from ...wire.request.request import Request
from ..loop.unwatched import Unwatched
from .field import composition
from .publish import CATALOGUE

SIDE = 640  # pixels of a swatch
STROKES = 640.0  # the painting's long side in those pixels
QUALITY = 88  # of the JPEG
WINDOW, STRIDE = 48, 32  # pixels: what must not be found again, and how far apart it is looked for
LIKE = 0.9  # correlation from which two windows count as the same
CELL, QUIET, BUSY = 16, 0.3, 7  # pixels; of the usual spread; cells of a window's nine that are not quiet
ONE_WAY = 0.6  # coherence from which a window shows but one direction
SEEDS = 4


def swatch(painting: Tensor, seed: int, report: Reporter | None = None) -> Tensor:
    """A swatch 1×3×S×S of `painting` (1×3×H×W in [0, 1])."""
    content = composition(painting, SIDE, seed)
    style = PictureStyle("painting", painting, torch.ones_like(painting[:, :1]), f"swatch {seed}")
    whole = torch.ones(1, SIDE, SIDE)
    problem = Problem(content, Regions(whole, (0,), whole[0]), [PaintedStyle(style, 1.0)], STROKES)
    request = Request(content_weight=0.0, texture=0.0, seed=seed, preview_size=0)
    encoder = load_encoder("slim", content.device, choose_dtype("auto", content.device))
    return paint(problem, encoder, request, report or Unwatched()).picture


def likest(picture: Tensor, painting: Tensor) -> float:
    """How like a window of `picture` is to any of the painting's, at eight orientations: -1 … 1, the most for all.

    Two windows are as like as their shapes (correlation of luma, without what is larger than they are) or their
    colours (cosine of RGB about the painting's mean), whichever is less: an edge alone, in other colours, is no piece.
    """
    middle = painting.mean((2, 3), keepdim=True)
    best = -1.0
    for orientation in range(8):
        known = oriented(painting, orientation)
        shapes, colors = _Searched(_fine(known)), _Searched(known - middle)
        for window, at in _windows(_fine(picture)):
            both = torch.minimum(shapes.likeness(window), colors.likeness((picture - middle)[at]))
            best = max(best, float(both.max()))
    return best


class _Searched:
    """A picture 1×C×H×W in which windows are looked for, by cosine over all their values."""

    def __init__(self, picture: Tensor) -> None:
        self.size = (picture.shape[-2] + WINDOW, picture.shape[-1] + WINDOW)
        self.spectrum = torch.fft.rfft2(picture, s=self.size)
        self.energy = F.avg_pool2d(picture.square().sum(1, keepdim=True), WINDOW, 1) * WINDOW**2

    def likeness(self, window: Tensor) -> Tensor:
        """The cosine of `window` with what lies at each place."""
        height, width = self.energy.shape[-2:]
        product = (self.spectrum * torch.fft.rfft2(window, s=self.size).conj()).sum(1, keepdim=True)
        found = torch.fft.irfft2(product, s=self.size)[..., :height, :width]
        cosine: Tensor = found / (self.energy * window.square().sum()).sqrt().clamp_min(1e-3)
        return cosine


def _fine(t: Tensor) -> Tensor:
    light = t.mean(1, keepdim=True)
    return light - F.avg_pool2d(F.pad(light, (WINDOW // 2,) * 4, mode="reflect"), WINDOW + 1, 1)


def _windows(light: Tensor) -> Iterator[tuple[Tensor, tuple[slice, ...]]]:
    """Windows that hold something to be recognised, with their places: all over, and in more than one direction."""
    usual = float(light.std())
    for top in range(0, light.shape[-2] - WINDOW + 1, STRIDE):
        for left in range(0, light.shape[-1] - WINDOW + 1, STRIDE):
            at = (slice(None), slice(None), slice(top, top + WINDOW), slice(left, left + WINDOW))
            window = light[at]
            cells = window.unfold(2, CELL, CELL).unfold(3, CELL, CELL).std((4, 5))
            if int((cells > QUIET * usual).sum()) >= BUSY and _coherence(window) < ONE_WAY:
                yield window, at


def _coherence(window: Tensor) -> float:
    """How much all gradients of a window lie in one direction: 0 … 1 (structure tensor, Bigün & Granlund 1987)."""
    down, right = window[..., 1:, :-1] - window[..., :-1, :-1], window[..., :-1, 1:] - window[..., :-1, :-1]
    xx, yy, xy = (float((a * b).mean()) for a, b in ((right, right), (down, down), (right, down)))
    return float(np.hypot(xx - yy, 2 * xy)) / max(xx + yy, 1e-12)


def write_swatch(name: str, entry: dict[str, Any], folder: Path) -> float:
    """Paint the swatch of a style beside its card; how like the painting its likest window is. Raises ValueError."""
    with Image.open(folder / entry["picture"]) as im:
        rgb = np.asarray(im.convert("RGB"), np.float32) / 255
    painting = torch.from_numpy(rgb).permute(2, 0, 1)[None].contiguous()
    small = F.interpolate(painting, scale_factor=STROKES / max(painting.shape[-2:]), mode="bicubic", antialias=True)
    for seed in range(SEEDS):
        picture = swatch(painting, seed)
        found = likest(picture, small)
        if found < LIKE:
            pixels = (picture[0].permute(1, 2, 0) * 255).round().byte().numpy()
            Image.fromarray(pixels).save(CARDS / f"{name}.swatch.jpg", quality=QUALITY, optimize=True)
            return found
    raise ValueError(f"{name}: each of {SEEDS} swatches shows a piece of the painting")


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of ``python -m scumble.training.library.swatches``."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--styles", type=Path, required=True, help="folder of the paintings in catalogue.json")
    p.add_argument("--names", nargs="+", help="styles (default: those that have none yet)")
    args = p.parse_args(argv)
    catalogue: dict[str, Any] = json.loads(CATALOGUE.read_text("utf-8"))
    names = args.names or [n for n in sorted(catalogue) if not (CARDS / f"{n}.swatch.jpg").exists()]
    for name in names:
        print(f"{name}: likest window {write_swatch(name, catalogue[name], args.styles):.2f}", flush=True)


if __name__ == "__main__":
    main()
