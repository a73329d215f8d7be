"""One painted frame held to the one before it: whatever painted them, and wherever on the canvas they lie."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..picture import Picture, from_working, to_working
from .flow import Bytes, Floats, motion
from .steady import steadied


def held(layer: Picture, content: Picture, painted: Picture, before: Picture, amount: float | Floats = 1.0) -> Picture:
    """`layer`, which came of `content`, held to `painted`, which came of the frame `before`; `amount` as of `steadied`.

    Frames of different sizes, or at different places, are another scene: then the layer is as it is.
    """
    if before.box != content.box:
        return layer
    found = motion(seen(before), seen(content))
    now = steadied(_in(content, layer), _in(content, painted), found, amount)
    return replace(now, x=layer.x, y=layer.y)


def seen(picture: Picture) -> Bytes:
    """What the flow looks at, and what a video holds: 8 bits, on white where it is transparent."""
    if picture.depth == "u8" and picture.channels == 3 and picture.space == "srgb":
        return np.ascontiguousarray(picture.data)
    rgb, alpha = to_working(picture)
    flat = rgb * alpha[..., None] + 1 - alpha[..., None]
    return np.ascontiguousarray(from_working(flat, "u8"))


def _in(content: Picture, layer: Picture) -> Picture:
    """A layer by its place in the content, of which the motion has every pixel."""
    return replace(layer, x=layer.x - content.x, y=layer.y - content.y)
