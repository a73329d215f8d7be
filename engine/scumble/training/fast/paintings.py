"""Paintings as a fast network's aims: colours, statistics, Gram matrices at a size, measured when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ...features.encoder import Encoder
from ...losses import moments
from ...methods.fast.colors import SEEN_AT, StyleColors
from ...networks.predictor import TAPS
from ...styles.library import shipped_swatch
from ..pictures import find_pictures
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
        self._moments: dict[int, dict[str, Tensor]] = {}

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

    @torch.no_grad()
    def moments(self, size: int) -> dict[str, Tensor]:
        """What a code is predicted from."""
        if size not in self._moments:
            maps = self.encoder(self.picture(size), TAPS)
            self._moments[size] = {t: moments(maps[t][0], torch.ones(maps[t].shape[-2:])) for t in TAPS}
        return self._moments[size]


def named_paintings(names: Iterable[str], judge: Distilled, encoder: Encoder) -> list[Painting]:
    """Those of the library, by name, as their swatches: what *optimize* paints with, and paint from edge to edge."""
    return [Painting(n, file, judge, encoder) for n in sorted(names) if (file := shipped_swatch(n))]


def other_paintings(
    catalogue: Mapping[str, Any], folders: Sequence[Path], judge: Distilled, encoder: Encoder
) -> list[Painting]:
    """All others that are large enough to show their strokes."""
    named, found = {e["picture"] for e in catalogue.values()}, []
    for file in find_pictures(folders):
        with Image.open(file) as im:
            if file.name not in named and min(im.size) >= 300:
                found.append(Painting(file.stem, file, judge, encoder))
    return found
