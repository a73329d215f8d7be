"""The problem that the measurements share: a real photograph, two styles, two soft masks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from scumble.methods.problem import PaintedStyle, Problem
from scumble.methods.regions import Regions
from scumble.styles.statistics import PictureStyle

FEATHER = 32  # px


class Silent:
    """A reporter that nobody reads."""

    def progress(self, *_: object) -> None:
        """Nothing."""

    def preview(self, _: object) -> None:
        """Nothing."""

    def fetching(self, name: str, done: int, total: int) -> None:
        pass

    def preparing(self, what: str, name: str = "") -> None:
        """Nothing."""

    def wants_preview(self) -> bool:
        """Never."""
        return False

    def check(self) -> None:
        """Never cancelled."""


def picture(source: Path | Image.Image, side: int) -> Tensor:
    """A picture as 1×3×H×W in [0, 1], its long side `side`."""
    with Image.open(source) if isinstance(source, Path) else source as im:
        factor = side / max(im.size)
        size = (round(im.width * factor), round(im.height * factor))
        rgb = np.asarray(im.convert("RGB").resize(size, Image.Resampling.LANCZOS), np.float32) / 255
    return torch.from_numpy(rgb.copy()).permute(2, 0, 1)[None].contiguous()


def halves(height: int, width: int) -> Tensor:
    """Shares of a left and a right style that blend over `FEATHER` pixels; 2×H×W."""
    ramp = ((width / 2 - torch.arange(width) - 0.5) / FEATHER + 0.5).clamp(0, 1).expand(height, width)
    return torch.stack([ramp, 1 - ramp])


def problem(content: Tensor, styles: list[tuple[str, Tensor]], shares: Tensor) -> Problem:
    """The optimization problem of `content` with `styles` (name and pixels) under `shares` (K×H×W)."""
    painted = [PaintedStyle(PictureStyle(n, p, torch.ones_like(p[:, :1]), n), 1.0) for n, p in styles]
    visible = torch.ones(content.shape[-2:])
    return Problem(
        content, Regions(shares, tuple(range(len(styles))), visible), painted, float(max(content.shape[-2:]))
    )
