"""The pairs that are there so far, kept decoded; see `pairs`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ...methods.fast.colors import StyleColors
from ...networks.patches import in_dabs


class Crop(NamedTuple):
    """A crop of a pair: the style's index and size, the content as the network gets it and what was painted, 3×S×S."""

    style: int
    size: int
    content: Tensor
    painted: Tensor


class PairPool:
    """Pairs below a folder; `colors` says which styles are meant, in their order, and what colours they have."""

    def __init__(self, folder: Path, colors: Mapping[str, StyleColors]) -> None:
        self.folder, self.colors, self.styles = folder, colors, list(colors)
        self._pairs: dict[Path, tuple[int, int, Tensor, Tensor]] = {}
        self._of: dict[int, list[Path]] = {}
        self.look()

    def __len__(self) -> int:
        return len(self._pairs)

    def look(self) -> None:
        """Read the pairs that are new."""
        for file in sorted(self.folder.glob("*/*.png")):
            if file not in self._pairs and file.parent.name in self.colors:
                self._pairs[file] = self._read(file)
        self._of = {}
        for file, pair in self._pairs.items():
            self._of.setdefault(pair[0], []).append(file)

    def _read(self, file: Path) -> tuple[int, int, Tensor, Tensor]:
        with Image.open(file) as im:
            both = torch.from_numpy(np.asarray(im).copy()).permute(2, 0, 1)
        side = both.shape[-1] // 2
        content = both[None, ..., :side].float() / 255
        size = int(file.stem.split("-")[1])
        colored = in_dabs(self.colors[file.parent.name].laid_on(content), size)[0]
        as_bytes = (colored.clamp(0, 1) * 255).round().byte()
        return self.styles.index(file.parent.name), size, as_bytes, both[..., side:].clone()

    def draw(self, rng: np.random.Generator, side: int, style: int) -> Crop | None:
        """A random crop of a style's pairs, mirrored or not; None where there are none yet."""
        files = self._of.get(style, [])
        if not files:
            return None
        style, size, content, painted = self._pairs[files[int(rng.integers(len(files)))]]
        y, x = (int(rng.integers(e - side + 1)) for e in content.shape[-2:])
        pair = [t[:, y : y + side, x : x + side].float() / 255 for t in (content, painted)]
        if rng.random() < 0.5:
            pair = [t.flip(-1) for t in pair]
        return Crop(style, size, *pair)
