"""Between a picture's depth and space and the working form: float32, sRGB-encoded, RGB in [0, 1]."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .picture import DTYPES, Picture, Space

Floats = NDArray[np.float32]

FULL = {"u8": 255, "u16": 65535}
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # of encoded values, ITU-R BT.601
ROWS = 128  # of a picture that are converted at a time


def encode(linear: NDArray[Any]) -> NDArray[Any]:
    """The sRGB curve (IEC 61966-2-1), continued oddly below 0 and onwards above 1."""
    size = np.abs(linear)
    curved = 1.055 * np.power(np.maximum(size, 0.0031308), 1 / 2.4) - 0.055
    out: NDArray[Any] = np.copysign(np.where(size <= 0.0031308, 12.92 * size, curved), linear).astype(linear.dtype)
    return out


def decode(encoded: NDArray[Any]) -> NDArray[Any]:
    """The inverse of `encode`."""
    size = np.abs(encoded)
    curved = np.power((np.maximum(size, 0.04045) + 0.055) / 1.055, 2.4)
    out: NDArray[Any] = np.copysign(np.where(size <= 0.04045, size / 12.92, curved), encoded).astype(encoded.dtype)
    return out


def to_working(picture: Picture) -> tuple[Floats, Floats]:
    """RGB H×W×3 in [0, 1], sRGB-encoded, and alpha H×W in [0, 1] (ones without an alpha channel).

    Gray becomes three equal channels. Float pixels that are not numbers count as 0, those out of range are clipped.
    """
    colors = picture.data[..., :-1] if picture.has_alpha else picture.data
    rgb = _unit(colors, picture.space)
    if rgb.shape[2] == 1:
        rgb = np.repeat(rgb, 3, axis=2)
    return rgb, alpha_of(picture)


def alpha_of(picture: Picture) -> Floats:
    """Alpha H×W in [0, 1]; where there is none, ones that take no memory and cannot be written."""
    if not picture.has_alpha:
        return np.broadcast_to(np.float32(1), (picture.height, picture.width))
    return _unit(picture.data[..., -1], "srgb")


def coverage(picture: Picture) -> Floats:
    """A mask's values H×W in [0, 1]: gray (or the luma of colours) times alpha, never curved."""
    colors = picture.data[..., :-1] if picture.has_alpha else picture.data
    values = _unit(colors, "srgb")
    gray = values[..., 0] if values.shape[2] == 1 else values @ LUMA
    return gray * alpha_of(picture) if picture.has_alpha else gray


def from_working(values: NDArray[np.floating[Any]], depth: str, space: Space = "srgb") -> NDArray[Any]:
    """Values in [0, 1] as `depth` in `space`: rounded to the nearest, the exact inverse of `to_working` for integers.

    Use it for colours; alpha and masks go with `space` “srgb”, which leaves them uncurved.
    """
    out: NDArray[Any] = np.empty(values.shape, DTYPES[depth])
    for top in range(0, len(values), ROWS):  # what lies between takes several times the memory of the result
        out[top : top + ROWS] = _stored(values[top : top + ROWS], depth, space)
    return out


def _stored(values: NDArray[np.floating[Any]], depth: str, space: Space) -> NDArray[Any]:
    unit: NDArray[Any] = np.fmax(values, values.dtype.type(0))  # what is no number becomes 0, too
    np.minimum(unit, 1.0, out=unit)
    if space == "linear":
        unit = decode(unit)
    if depth == "f32":
        return unit
    np.multiply(unit, FULL[depth], out=unit)
    np.rint(unit, out=unit)
    return unit


def _unit(values: NDArray[Any], space: Space) -> Floats:
    """Stored values as encoded ones in [0, 1]."""
    if values.dtype.kind == "u":
        unit: Floats = _table(values.dtype.itemsize, space)[values]
        return unit
    clean: Floats = np.clip(np.nan_to_num(values, nan=0.0), 0.0, 1.0).astype(np.float32)
    return encode(clean) if space == "linear" else clean


@lru_cache(maxsize=4)
def _table(itemsize: int, space: Space) -> Floats:
    """What each integer stands for; a table is exact in float64 and faster than the curve."""
    unit = np.linspace(0.0, 1.0, 256**itemsize)
    table: Floats = (encode(unit) if space == "linear" else unit).astype(np.float32)
    table.flags.writeable = False
    return table
