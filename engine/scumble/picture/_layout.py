"""Decoded pixels put in order: channels, orientation, profile."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .picture import Picture, Space
from .profiles import to_srgb

ORIENTATION = 0x0112  # the tag of EXIF and TIFF


def as_picture(
    pixels: NDArray[Any], profile: bytes | None, orientation: int = 1, unprofiled: Space = "srgb"
) -> Picture:
    """Pixels H×W or H×W×C of a file as a picture: upright, and in sRGB or linear light with its primaries."""
    pixels = pixels if pixels.ndim == 3 else pixels[..., None]
    alpha = pixels.shape[2] in (2, 4)
    colors, space = to_srgb(pixels[..., :-1] if alpha else pixels, profile, unprofiled)
    data = np.concatenate([colors, pixels[..., -1:]], axis=2) if alpha else colors
    return Picture(_turned(data, orientation), space)


def _turned(data: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Pixels as an EXIF orientation (1 to 8) wants them shown; others count as 1."""
    if orientation in (5, 6, 7, 8):
        data = data.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        data = data[::-1]
    if orientation in (2, 3, 6, 7):
        data = data[:, ::-1]
    return np.ascontiguousarray(data)
