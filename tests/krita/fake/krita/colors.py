"""Colour spaces of the fake: how pixels lie in memory, and honest simple conversions over linear sRGB."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SRGB, LINEAR = "sRGB-elle-V2-srgbtrc.icc", "sRGB-elle-V2-g10.icc"
GRAY, GRAY_LINEAR = "Gray-D50-elle-V2-srgbtrc.icc", "Gray-D50-elle-V2-g10.icc"
PROFILES = {"RGBA": (SRGB, LINEAR), "GRAYA": (GRAY, GRAY_LINEAR)}
TYPES = {"U8": np.dtype("u1"), "U16": np.dtype("<u2"), "F16": np.dtype("<f2"), "F32": np.dtype("<f4")}
LUMINANCE = np.array([0.2225, 0.7169, 0.0606])  # of sRGB's primaries under D50


@dataclass(frozen=True)
class Space:
    """A colour model, a depth and a profile, by Krita's names."""

    model: str = "RGBA"
    depth: str = "U8"
    profile: str = SRGB

    @classmethod
    def of(cls, model: str, depth: str, profile: str) -> Space | None:
        """The space, or None where Krita knows no such profile."""
        return cls(model, depth, profile) if depth in TYPES and profile in PROFILES.get(model, ()) else None

    @classmethod
    def default(cls, model: str, depth: str) -> Space:
        """What a new document gets: 8 bits with sRGB's curve, the others linear."""
        return cls(model, depth, PROFILES[model][0 if depth == "U8" else 1])

    @property
    def channels(self) -> int:
        return 4 if self.model == "RGBA" else 2

    @property
    def dtype(self) -> np.dtype:
        return TYPES[self.depth]

    @property
    def top(self) -> int:
        return int(np.iinfo(self.dtype).max) if self.dtype.kind == "u" else 1

    def to_linear(self, pixels: np.ndarray) -> np.ndarray:
        """Pixels in memory's order as linear RGBA, float64."""
        values = pixels.astype(np.float64) / self.top
        color, alpha = values[..., :-1], values[..., -1:]
        if self.profile in (SRGB, GRAY):
            color = decode(color)
        if self.model == "GRAYA":
            color = np.repeat(color, 3, axis=-1)
        elif self.dtype.kind == "u":  # integers are blue, green, red
            color = color[..., ::-1]
        return np.concatenate([color, alpha], axis=-1)

    def from_linear(self, linear: np.ndarray) -> np.ndarray:
        """The inverse of `to_linear`; gray is the luminance."""
        color, alpha = linear[..., :3], linear[..., 3:]
        if self.model == "GRAYA":
            color = (color @ LUMINANCE)[..., None]
        elif self.dtype.kind == "u":
            color = color[..., ::-1]
        if self.profile in (SRGB, GRAY):
            color = encode(color)
        values = np.concatenate([color, alpha], axis=-1)
        if self.dtype.kind == "u":
            values = np.rint(np.clip(values, 0, 1) * self.top)
        return values.astype(self.dtype)


def decode(values: np.ndarray) -> np.ndarray:
    """sRGB's curve to linear light."""
    return np.where(values <= 0.04045, values / 12.92, ((np.maximum(values, 0) + 0.055) / 1.055) ** 2.4)


def encode(values: np.ndarray) -> np.ndarray:
    """Linear light to sRGB's curve."""
    low = np.maximum(values, 0)
    return np.where(values <= 0.0031308, values * 12.92, 1.055 * low ** (1 / 2.4) - 0.055)
