"""A pool of styles for training: statistics of random pieces of paintings at random sizes, renewed all the time."""

from __future__ import annotations

import json
import re
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
from .painters import Moments
from .pictures import SUFFIXES, find_pictures

LARGEST = 448  # longest side of a piece in pixels
SAME = 0.88  # correlation of two thumbnails that show the same work
SHOWN = 512  # long side at which an unseen painting is measured

Group = tuple[float, list[Path]]  # how often it is drawn from, and its paintings


@torch.no_grad()
def measure(encoder: Encoder, rgb: Tensor) -> Moments:
    """Moments of a picture 3×H×W at `TAPS`."""
    maps = encoder(rgb[None], TAPS)
    return {t: moments(maps[t][0], torch.ones(maps[t].shape[-2:])) for t in TAPS}


def piece(im: Image.Image, rng: np.random.Generator, sides: tuple[float, float] = (256, 768)) -> Tensor:
    """A random piece of a painting, its long side resized to `sides` (at most 1.3 × its own), cropped, mirrored."""
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


def matching(text: str) -> tuple[float, list[Path]]:
    """The share and the paintings of FOLDER[/PATTERN][:SHARE]. Raises `ValueError` when there is none."""
    found = re.fullmatch(r"(.+):(\d*\.?\d+)", text)
    path, share = (Path(found[1]), float(found[2])) if found else (Path(text), 1.0)
    if not any(c in path.name for c in "*?["):
        return share, find_pictures([path])
    paths = sorted(p for p in path.parent.rglob(path.name) if p.suffix.lower() in SUFFIXES)
    if not paths:
        raise ValueError(f"no pictures match {path}")
    return share, paths


def read_groups(given: Sequence[str], unseen: Sequence[Path]) -> list[Group]:
    """Groups of paintings as they are written (see `matching`) less the `unseen`; their shares sum to 1."""
    groups = [matching(text) for text in given]
    total = sum(share for share, _ in groups)
    return [(share / total, without(paths, unseen)) for share, paths in groups]


class UnseenPaintings:
    """The works that a file names by their stems, as far as the given folders hold them: never trained on."""

    def __init__(self, names: Path, given: Sequence[str], encoder: Encoder) -> None:
        wanted = set(json.loads(names.read_text("utf-8")))
        found = {p.stem: p for text in given for p in matching(text)[1] if p.stem in wanted}
        self.paths, self.encoder = [found[n] for n in sorted(found)], encoder
        self._measured: list[tuple[Tensor, Moments]] = []

    def measured(self) -> list[tuple[Tensor, Moments]]:
        """Picture 3×H×W and moments of each."""
        if not self._measured:
            for path in self.paths:
                with Image.open(path) as im:
                    k = SHOWN / max(im.size)
                    size = (round(im.width * k), round(im.height * k))
                    rgb = np.asarray(im.convert("RGB").resize(size, Image.Resampling.LANCZOS)).copy()
                t = torch.from_numpy(rgb).permute(2, 0, 1).float() / 255
                self._measured.append((t, measure(self.encoder, t)))
        return self._measured


class StylePool:
    """At most `size` styles of groups of paintings."""

    def __init__(self, groups: Sequence[Group], encoder: Encoder, rng: np.random.Generator, size: int = 1500) -> None:
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
