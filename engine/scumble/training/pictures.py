"""Random crops from folders of pictures, kept decoded in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
HELD_OUT_ONE_IN = 20


def held_out(path: Path) -> bool:
    """Whether a picture is kept from training, for validation: one in twenty, by a checksum of its name."""
    return zlib.crc32(path.name.encode()) % HELD_OUT_ONE_IN == 0


def find_pictures(folders: Iterable[Path]) -> list[Path]:
    """All pictures below `folders`, sorted. Raises `ValueError` when there is none."""
    paths = sorted(p for f in folders for p in f.rglob("*") if p.suffix.lower() in SUFFIXES)
    if not paths:
        raise ValueError("no pictures in " + ", ".join(map(str, folders)))
    return paths


class Crops:
    """Square crops of random place, scale and flip as 3×size×size tensors in [0, 1]."""

    def __init__(self, paths: list[Path], size: int, rng: np.random.Generator) -> None:
        self.paths, self.size, self.rng = paths, size, rng
        self._decoded: dict[Path, Image.Image] = {}

    def _picture(self, path: Path) -> Image.Image:
        if path not in self._decoded:
            with Image.open(path) as im:
                self._decoded[path] = im.convert("RGB")
        return self._decoded[path]

    def one(self) -> Tensor:
        """One crop: a square of 45–100 % of the short side, resized."""
        im = self._picture(self.paths[int(self.rng.integers(len(self.paths)))])
        side = min(im.size) * self.rng.uniform(0.45, 1.0)
        x, y = (self.rng.uniform(0, edge - side) for edge in im.size)
        out = im.resize((self.size, self.size), Image.Resampling.BICUBIC, box=(x, y, x + side, y + side))
        t = torch.from_numpy(np.asarray(out).copy()).permute(2, 0, 1).float() / 255
        return t.flip(-1) if self.rng.random() < 0.5 else t

    def batch(self, n: int) -> Tensor:
        """`n` crops, N×3×size×size."""
        return torch.stack([self.one() for _ in range(n)])


def disturb(x: Tensor, rng: np.random.Generator) -> Tensor:
    """Augment a batch N×3×H×W: blends, noise, contrast and colour casts, as optimized pictures have them."""
    x = x.clone()
    for i in range(len(x)):
        kind = rng.random()
        if kind < 0.2:
            x[i] = torch.lerp(x[i], x[int(rng.integers(len(x)))], float(rng.uniform(0.2, 0.5)))
        elif kind < 0.4:
            x[i] = x[i] + torch.randn_like(x[i]) * float(rng.uniform(0.02, 0.25))
        elif kind < 0.55:
            gain, lift = rng.uniform(0.6, 1.5, (3, 1, 1)), rng.uniform(-0.1, 0.1, (3, 1, 1))
            mean = x[i].mean((1, 2), keepdim=True)
            x[i] = (x[i] - mean) * x.new_tensor(gain) + mean + x.new_tensor(lift)
    return x.clamp_(0, 1)
