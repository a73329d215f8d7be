"""The pairs that are there so far, kept decoded; see `pairs`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from ...methods.colortable import USUAL, Vividness
from ...methods.fast.colors import StyleColors
from ...methods.pixels import luma
from ...networks.patches import in_dabs

BLURRED = 16  # pixels within which paint varies by strokes
SUPPOSED = 1.0  # pictures of the usual vividness that are counted beside those that are there
BOUNDS = (1.0, 2.0)  # of a vividness: less would fade, more leaves the picture's range


class Crop(NamedTuple):
    """A crop of a pair: the style's index and size, the content as the network gets it and what was painted, 3×S×S."""

    style: int
    size: int
    content: Tensor
    painted: Tensor


class PairPool:
    """Pairs below a folder; `colors` says which styles are meant, in their order, and what colours they have.

    How vivid a style is painted is measured once, by the pairs that are there when the first of it is read.
    """

    def __init__(self, folder: Path, colors: Mapping[str, StyleColors]) -> None:
        self.folder, self.colors, self.styles = folder, dict(colors), list(colors)
        self._measured: set[str] = set()
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
        name, size = file.parent.name, int(file.stem.split("-")[1])
        if name not in self._measured:
            self._measured.add(name)
            vivid = vividness([_halves(f) for f in file.parent.glob("*.png")], self.colors[name])
            self.colors[name] = replace(self.colors[name], vivid=vivid)
        content, painted = _halves(file)
        colored = in_dabs(self.colors[name].laid_on(content), size)[0]
        as_bytes = (colored.clamp(0, 1) * 255).round().byte()
        return self.styles.index(name), size, as_bytes, (painted[0] * 255).round().byte()

    def vivid(self) -> dict[str, Tensor]:
        """How vivid the styles are painted of which there are pairs, by name."""
        return {name: torch.tensor(self.colors[name].vivid) for name in sorted(self._measured)}

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


def vividness(pairs: Sequence[tuple[Tensor, Tensor]], colors: StyleColors) -> Vividness:
    """How vivid a style of some `colors` is painted, by contents and what was painted of them, 1×3×H×W each."""
    plain = replace(colors, vivid=Vividness(1, 1))
    own, painted = torch.zeros(2), torch.zeros(2)
    for content, painting in pairs:
        own += _variances(plain.laid_on(content))
        painted += _variances(painting)
    usual, count = torch.tensor(USUAL), len(pairs)
    measured = (painted / own.clamp_min(1e-6)).sqrt().clamp(*BOUNDS)
    return Vividness(*((SUPPOSED * usual + count * measured) / (SUPPOSED + count)).tolist())


def _variances(picture: Tensor) -> Tensor:
    """The variances of a picture's light and chroma without its strokes."""
    soft = F.avg_pool2d(picture, BLURRED)
    light = luma(soft)
    return torch.stack([light.var(), (soft - light).var((2, 3)).mean()])


def _halves(file: Path) -> tuple[Tensor, Tensor]:
    """A content and what was painted of it, 1×3×H×W in [0, 1]."""
    with Image.open(file) as im:
        both = torch.from_numpy(np.asarray(im).copy()).permute(2, 0, 1)[None].float() / 255
    side = both.shape[-1] // 2
    return both[..., :side], both[..., side:]
