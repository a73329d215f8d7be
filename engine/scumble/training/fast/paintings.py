"""Paintings as a fast network's aims: colours, statistics, Gram matrices at a size, measured when asked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ...features.encoder import Encoder
from ...methods.fast.colors import SEEN_AT, StyleColors
from ...networks.likeness import SIDE as LOOKED_AT
from ...networks.likeness import look_of
from ...styles.library import shipped_swatch
from .columns import Columns
from .distilled import Distilled
from .spectrum import powers_of

LARGEST = 1.5  # times its own size that a painting is enlarged to at most


class Painting:
    """One painting, by its file."""

    def __init__(self, name: str, file: Path, judge: Distilled, encoder: Encoder) -> None:
        self.name, self.file, self.judge, self.encoder = name, file, judge, encoder
        self._colors: StyleColors | None = None
        self._grams: dict[int, list[Tensor]] = {}
        self._columns: dict[int, Columns] = {}
        self._waves: dict[int, Tensor] = {}

    def picture(self, size: int) -> Tensor:
        """The painting 1×3×h×w with its long side about `size`."""
        with Image.open(self.file) as im:
            k = min(size / max(im.size), LARGEST)
            small = im.convert("RGB").resize([max(64, round(e * k)) for e in im.size], Image.Resampling.LANCZOS)
        return torch.from_numpy(np.asarray(small).copy()).permute(2, 0, 1)[None].float() / 255

    def colors(self) -> StyleColors:
        """Its colours."""
        if self._colors is None:
            x = self.picture(SEEN_AT)
            self._colors = StyleColors.of(x, torch.ones(x.shape[-2:]))
        return self._colors

    @torch.no_grad()
    def grams(self, size: int) -> list[Tensor]:
        """Gram matrices C×C by level."""
        if size not in self._grams:
            self._grams[size] = [g[0] for g in self.judge.grams(self.judge.maps(self.picture(size)))]
        return self._grams[size]

    @torch.no_grad()
    def columns(self, size: int) -> Columns:
        """What a place of it looks like, as it hangs and turned by a right angle."""
        if size not in self._columns:
            picture = self.picture(size)
            turned = [self.judge.maps(p) for p in (picture, picture.rot90(1, (2, 3)))]
            self._columns[size] = Columns.of([[maps[k] for k in self.judge.places] for maps in turned])
        return self._columns[size]

    @torch.no_grad()
    def waves(self, size: int) -> Tensor:
        """How strong its waves are, as it hangs and turned by a right angle: 3×K."""
        if size not in self._waves:
            picture = self.picture(size)
            self._waves[size] = powers_of([picture, picture.rot90(1, (2, 3))])
        return self._waves[size]

    def look(self) -> Tensor:
        """How its strokes look."""
        picture = self.picture(LOOKED_AT)
        return look_of(self.encoder, picture, torch.ones_like(picture[:, :1]))


def named_paintings(names: Iterable[str], judge: Distilled, encoder: Encoder) -> list[Painting]:
    """Those of the library, by name, as their swatches: what *optimize* paints with, and paint from edge to edge."""
    return [Painting(n, file, judge, encoder) for n in sorted(names) if (file := shipped_swatch(n))]
