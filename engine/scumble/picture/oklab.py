"""Oklab (Ottosson 2020): equal steps look equal, and a hue stays that hue at any lightness and chroma."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .color import Floats, decode, encode

_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_FROM_LMS, _FROM_LAB = (np.linalg.inv(m.astype(np.float64)).astype(np.float32) for m in (_LMS, _LAB))
HALVINGS = 9  # of the range in which the largest chroma in gamut lies
SLACK = 2e-6  # of light beyond [0, 1] that rounding brings


def to_oklab(rgb: Floats) -> Floats:
    """Lightness in [0, 1], a and b, …×3, of sRGB-encoded colours …×3 in [0, 1]."""
    return _through(_LAB, np.cbrt(_through(_LMS, decode(rgb))))


def in_gamut(lab: Floats) -> Floats:
    """sRGB-encoded colours N×3 in [0, 1] of Oklab N×3.

    Those outside lose chroma until they fit; lightness and hue stay.
    """
    light = _light(lab)
    outside = ~_fits(light)
    if outside.any():
        wide = lab[outside]
        low, high = np.zeros(len(wide), np.float32), np.ones(len(wide), np.float32)
        for _ in range(HALVINGS):
            middle: Floats = (low + high) * np.float32(0.5)
            fits = _fits(_light(_less(wide, middle)))
            low, high = np.where(fits, middle, low), np.where(fits, high, middle)
        light[outside] = _light(_less(wide, low))
    out: Floats = encode(np.clip(light, 0, 1))
    return out


def _light(lab: Floats) -> Floats:
    """Linear light of Oklab, …×3."""
    roots = _through(_FROM_LAB, lab)
    return _through(_FROM_LMS, roots * roots * roots)


def _through(matrix: Floats, colors: Floats) -> Floats:
    """A 3×3 matrix times colours …×3, without BLAS, whose threads take longer to agree than to multiply."""
    out: Floats = np.einsum("ij,...j->...i", matrix, colors)
    return out


def _fits(light: Floats) -> NDArray[Any]:
    out: NDArray[Any] = np.logical_and.reduce((light >= -SLACK) & (light <= 1 + SLACK), axis=1)
    return out


def _less(lab: Floats, share: Floats) -> Floats:
    """With a share N of its chroma."""
    return np.concatenate([lab[:, :1], lab[:, 1:] * share[:, None]], axis=1)
