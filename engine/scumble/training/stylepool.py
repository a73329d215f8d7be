"""A pool of styles for training: statistics of random pieces of paintings at random sizes, renewed all the time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ..features.encoder import Encoder
from ..losses import moments
from ..networks.predictor import TAPS

Moments = dict[str, Tensor]  # tap → (C+1)×(C+1)
LARGEST = 448  # longest side of a piece in pixels
SAME = 0.88  # correlation of two thumbnails that show the same work


@torch.no_grad()
def measure(encoder: Encoder, rgb: Tensor) -> Moments:
    """Moments of a picture 3×H×W at `TAPS`."""
    maps = encoder(rgb[None], TAPS)
    return {t: moments(maps[t][0], torch.ones(maps[t].shape[-2:])) for t in TAPS}


def piece(im: Image.Image, rng: np.random.Generator, sides: tuple[float, float] = (256, 768)) -> Tensor:
    """A random piece of a painting: its long side resized to `sides` (no more than 1.3 × its own), cropped, mirrored."""
    low, high = sides
    side = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    scale = min(side / max(im.size), 1.3)
    size = [max(96, round(e * scale)) for e in im.size]
    crop = [min(e, LARGEST, max(192, round(e * rng.uniform(0.75, 1)))) for e in size]
    x, y = (int(rng.integers(0, e - c + 1)) for e, c in zip(size, crop, strict=True))
    box = (x / scale, y / scale, min((x + crop[0]) / scale, im.width), min((y + crop[1]) / scale, im.height))
    out = im.resize((crop[0], crop[1]), Image.Resampling.BICUBIC, box=box)
    t = torch.from_numpy(np.asarray(out).copy()).permute(2, 0, 1).float() / 255
    return t.flip(-1) if rng.random() < 0.5 else t


def thumbnail(path: Path) -> NDArray[np.float64]:
    """A painting in 16×16 grays of mean 0 and norm 1: two of the same work are nearly equal."""
    with Image.open(path) as im:
        gray = np.asarray(im.convert("L").resize((16, 16), Image.Resampling.BOX), np.float64).ravel()
    gray -= gray.mean()
    out: NDArray[np.float64] = gray / max(float(np.linalg.norm(gray)), 1e-9)
    return out


def without(paths: Sequence[Path], unseen: Sequence[Path]) -> list[Path]:
    """`paths` less those that show a work of `unseen`, in whatever scan."""
    if not unseen:
        return list(paths)
    kept_out = np.stack([thumbnail(p) for p in unseen])
    return [p for p in paths if float((kept_out @ thumbnail(p)).max()) < SAME]


class StylePool:
    """At most `size` styles; `folders` are groups of paintings drawn from with the given shares."""

    def __init__(
        self, groups: Sequence[tuple[float, list[Path]]], encoder: Encoder, rng: np.random.Generator, size: int = 1500
    ) -> None:
        self.groups, self.encoder, self.rng, self.size = groups, encoder, rng, size
        self.entries: list[Moments] = []
        self._decoded: dict[Path, Image.Image] = {}

    def renew(self) -> None:
        """Measure one more piece; once the pool is full it takes the place of another."""
        shares = [s for s, _ in self.groups]
        paths = self.groups[int(self.rng.choice(len(shares), p=shares))][1]
        path = paths[int(self.rng.integers(len(paths)))]
        if path not in self._decoded:
            with Image.open(path) as im:
                self._decoded[path] = im.convert("RGB")
        entry = measure(self.encoder, piece(self._decoded[path], self.rng))
        if len(self.entries) < self.size:
            self.entries.append(entry)
        else:
            self.entries[int(self.rng.integers(self.size))] = entry

    def draw(self) -> Moments:
        """One style of the pool."""
        return self.entries[int(self.rng.integers(len(self.entries)))]
