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
