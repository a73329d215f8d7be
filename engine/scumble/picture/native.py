"""A file's pixels as they are in it: upright, in its own colour space, gray, RGB or CMYK."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .picture import Picture, Pixels, Space
from .profiles import COLORSPACES, from_srgb, gray_as_rgb, to_srgb, ways

ORIENTATION = 0x0112  # the tag of EXIF and TIFF


@dataclass(frozen=True, eq=False)
class Native:
    """`colors` H×W×C of uint8, uint16 or float32: 1 gray, 3 RGB, 4 CMYK; `alpha` H×W×1 of the same depth, if any.

    `profile` is the ICC profile that says what the values mean, empty where there is none that can be used: then gray
    and RGB are sRGB or, as `unprofiled` says, linear light with its primaries.
    """

    colors: Pixels
    alpha: Pixels | None = None
    profile: bytes = b""
    unprofiled: Space = "srgb"

    @property
    def kind(self) -> str:
        """“gray”, “rgb” or “cmyk”."""
        return COLORSPACES[self.colors.shape[2]]

    @property
    def pixels(self) -> Pixels:
        """Colours with alpha behind them, if there is one."""
        return self.colors if self.alpha is None else np.concatenate([self.colors, self.alpha], axis=2)

    def picture(self) -> Picture:
        """In sRGB, or in linear light with its primaries; gray stays gray, CMYK becomes RGB."""
        colors, space = to_srgb(self.colors, self.profile, self.unprofiled)
        return Picture(colors if self.alpha is None else np.concatenate([colors, self.alpha], axis=2), space)

    def own(self, colors: Pixels, space: Space) -> Pixels:
        """Colours H×W×C as `picture` has them, in `space`, in this file's own space."""
        return from_srgb(colors, space, self.kind, self.profile)

    def colored(self) -> Native:
        """Gray as RGB with the same values and the same curve; others as they are."""
        if self.kind != "gray":
            return self
        profile = gray_as_rgb(self.profile) if self.profile else b""
        return replace(self, colors=np.repeat(self.colors, 3, axis=2), profile=profile)


def native(
    pixels: NDArray[Any], profile: bytes | None, orientation: int = 1, unprofiled: Space = "srgb", inks: bool = False
) -> Native:
    """Pixels H×W or H×W×C of a file. Alpha is in the second or fourth channel, behind `inks` (CMYK) in the fifth."""
    pixels = _turned(pixels if pixels.ndim == 3 else pixels[..., None], orientation)
    count = 4 if inks else 1 if pixels.shape[2] < 3 else 3
    alpha = pixels[..., count : count + 1] if pixels.shape[2] > count else None
    colors, usable = pixels[..., :count], ways(profile, COLORSPACES[count]) if profile else 0
    if profile and usable == 1:  # paint cannot come back: the file is taken over into sRGB
        colors, unprofiled = to_srgb(colors, profile, unprofiled)
    return Native(colors, alpha, profile if profile and usable == 2 else b"", unprofiled)


def _turned(data: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Pixels as an EXIF orientation (1 to 8) wants them shown; others count as 1."""
    if orientation in (5, 6, 7, 8):
        data = data.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        data = data[::-1]
    if orientation in (2, 3, 6, 7):
        data = data[:, ::-1]
    return np.ascontiguousarray(data)
