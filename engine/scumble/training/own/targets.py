"""The painting that a new style is learned from: its statistics as it is, and as it could have been scanned."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...features.encoder import Encoder
from ...networks.painter import SIZES, between
from ...picture import decode_file, to_working
from ...styles.source import MIN_SIDE, resized
from ...styles.statistics import PictureStyle, measure
from ...wire.protocol.errors import ScumbleError
from ..fast.judging import TAPS

Moments = dict[str, Tensor]  # tap → (C+1)×(C+1)

LARGEST = 2048  # long side in pixels that is kept: twice the largest size that is measured
VARIANTS = 8
TURN, OCTAVES, LEAST = math.radians(10), 0.25, 0.8  # either way; either way; share of each side that stays


def read_painting(path: Path) -> PictureStyle:
    """The painting in a file, at most `LARGEST`. Raises `painting-small`, `file-missing`, `picture-…`."""
    picture = decode_file(path)
    picture.check(path.name)
    if min(picture.width, picture.height) < MIN_SIDE:
        raise ScumbleError("painting-small", name=path.name, width=picture.width, height=picture.height, least=MIN_SIDE)
    rgb, alpha = to_working(picture)
    pixels, coverage = torch.from_numpy(rgb).permute(2, 0, 1)[None], torch.tensor(alpha)[None, None]
    size = _size(pixels, LARGEST)
    if max(pixels.shape[-2:]) > LARGEST:
        pixels, coverage = resized(pixels, size), resized(coverage, size)
    return PictureStyle(path.stem, pixels, coverage, hashlib.sha256(picture.raw()).hexdigest())


@dataclass(frozen=True)
class Targets:
    """Moments at `SIZES` of some variants of a painting: by tap V×S×(C+1)×(C+1)."""

    variants: Moments

    def at(self, variant: int, size: float) -> Moments:
        """The moments of a variant at a size, interpolated as a card does."""
        return {t: between(m[variant], size) for t, m in self.variants.items()}

    def __len__(self) -> int:
        return len(self.variants[TAPS[0]])


def measure_targets(
    style: PictureStyle, encoder: Encoder, seed: int, count: int = 0, tell: Callable[[int, int], None] = print
) -> Targets:
    """Statistics of `count` variants of a painting (0: as many as usual); `tell` hears how many are measured."""
    found: list[Moments] = []
    count = count or VARIANTS
    for i in range(count):
        rng = np.random.default_rng((seed, i))
        at_sizes = [measure(encoder, *variant(style, size, rng), TAPS) for size in SIZES]
        found.append({t: torch.stack([m[t] for m in at_sizes]) for t in TAPS})
        tell(i + 1, count)
    return Targets({t: torch.stack([v[t] for v in found]) for t in TAPS})


def variant(style: PictureStyle, size: float, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Pixels 1×3×H×W and coverage 1×H×W of a piece of the painting, turned a little and mirrored or not.

    The painting's long side is about `size`, by a quarter of an octave; where the piece reaches beyond the painting it
    goes on as in a mirror.
    """
    height, width = _size(style.pixels, size * 2 ** rng.uniform(-OCTAVES, OCTAVES))
    both = torch.cat([resized(style.pixels, (height, width)), resized(style.coverage, (height, width))], 1)
    share, turn = rng.uniform(LEAST, 1, 2), rng.uniform(-TURN, TURN)
    flip = -1.0 if rng.random() < 0.5 else 1.0
    out = [max(MIN_SIDE, round(e * s)) for e, s in zip((height, width), share, strict=True)]
    y, x = ((1 - o / e) * rng.uniform(-1, 1) for o, e in zip(out, (height, width), strict=True))
    cos, sin = math.cos(turn), math.sin(turn)
    # grid_sample measures both axes from -1 to 1, so that a turn of a picture that is not square needs its aspect.
    place = [
        [flip * cos * out[1] / width, -sin * out[0] / width, x],
        [flip * sin * out[1] / height, cos * out[0] / height, y],
    ]
    theta = torch.tensor(place, dtype=both.dtype, device=both.device)[None]
    grid = F.affine_grid(theta, [1, 4, *out], align_corners=False)
    piece = F.grid_sample(both, grid, mode="bilinear", padding_mode="reflection", align_corners=False).clamp(0, 1)
    return piece[:, :3], piece[0, 3:]


def _size(pixels: Tensor, long_side: float) -> tuple[int, int]:
    height, width = pixels.shape[-2:]
    factor = max(long_side / max(height, width), MIN_SIDE / min(height, width))
    return max(MIN_SIDE, round(height * factor)), max(MIN_SIDE, round(width * factor))
