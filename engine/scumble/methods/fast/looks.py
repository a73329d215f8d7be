"""What *fast* sees of a style besides its code: its colours and its texture, kept from one run to the next."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor

from ...features.encoder import Encoder
from ...styles.kept import Kept
from ...styles.source import StylePicture, StyleSource
from ..regions import Regions
from ..texture.flatness import flatness
from ..texture.laying import QUICK, Texture, lay_texture
from ..texture.views import paint_of
from .colors import SEEN_AT, StyleColors

COLORS_KEPT, TEXTURES_KEPT = 64, 4  # a texture takes up to 30 MB
LAID = 1.3  # times what is asked for: half of it as a rule


class Look:
    """A style as it is seen in a run."""

    def __init__(self, source: StyleSource) -> None:
        """Raises `picture-…`, `style-damaged`."""
        self.source, self.mark = source, source.mark or mark_of(source.picture(SEEN_AT))
        self.colors: StyleColors = (
            _COLORS.get((self.mark,), lambda: StyleColors.of_source(source))
            if self.mark
            else StyleColors.of_source(source)  # of its statistics, which have no mark to be kept by
        )

    def texture(self, side: float, most: int, encoder: Encoder, seed: int) -> Texture | None:
        """Its texture with its long side at `side` pixels, `most` pixels of it; None for a style without a picture."""
        part = (most, seed) if most < side else ()  # which part of it is used, where not all is
        key = (self.mark, round(side, 1), *part)
        return _TEXTURES.get(key, lambda: self._texture(side, most, encoder, seed)) if self.mark else None

    def _texture(self, side: float, most: int, encoder: Encoder, seed: int) -> Texture | None:
        paint = paint_of(self.source, side)
        return Texture.of(paint, encoder, most, seed) if paint else None


def textured(
    colored: Tensor, content: Tensor, regions: Regions, textures: list[Texture | None], amount: float, seed: int
) -> Tensor:
    """`colored`, which is `content` (1×3×H×W both) in the styles' colours, with their textures where it is flat."""
    known = [(t, s) for t, s in zip(textures, regions.shares * regions.visible, strict=True) if t is not None]
    if not known or not amount:
        return colored
    shares = torch.stack([s for _, s in known])
    return lay_texture(
        colored, flatness(content), shares, [t for t, _ in known], min(1.0, LAID * amount), seed, QUICK
    )  # fmt: skip


_COLORS: Kept[StyleColors] = Kept(COLORS_KEPT)
_TEXTURES: Kept[Texture | None] = Kept(TEXTURES_KEPT)


def mark_of(shown: StylePicture | None) -> str:
    """What tells a picture from others; empty where there is none."""
    if shown is None:
        return ""
    digest = hashlib.sha256(str((shown.native, shown.pixels.device, tuple(shown.pixels.shape))).encode())
    for t in (shown.pixels, shown.coverage):
        digest.update((255 * t).round().byte().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
