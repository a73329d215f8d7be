"""A style's picture as an encoder sees it, at the size of the strokes that are wanted."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from ....features.encoder import Encoder
from ...problem import PaintedStyle
from ...texture.views import Paint, windows_of

LARGEST = 2048  # pixels of a style's long side: more is never looked at
MOST_SIDE = 768  # pixels of what is looked at: of a larger style a part, so that its strokes keep their size


@torch.no_grad()
def style_maps(
    style: PaintedStyle, encoder: Encoder, taps: Sequence[str], canvas_side: float, seed: int
) -> dict[str, tuple[Tensor, Tensor]]:
    """Features C×H×W and weights H×W of the style's picture, by tap; `canvas_side` in pixels. It must have one."""
    side = canvas_side * style.stroke_size
    picture = style.source.picture(min(side, LARGEST))
    assert picture is not None
    if picture.native < max(picture.pixels.shape[-2:]):  # enlarging waits until a part of it is needed
        picture = style.source.picture(picture.native) or picture
    (window,) = windows_of(Paint(picture.pixels, picture.coverage, side), (0,), MOST_SIDE, seed)
    view = window.view()
    solid = view.solid.float() if bool(view.solid.any()) else torch.ones_like(view.solid, dtype=torch.float32)
    found = {}
    for tap, maps in encoder(view.pixels, taps).items():
        weight = F.interpolate(solid[None, None], size=maps.shape[-2:], mode="area")[0, 0]
        found[tap] = (maps[0], weight)
    return found
