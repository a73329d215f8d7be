"""Embedded ICC profiles: what is not sRGB becomes sRGB; linear light with sRGB primaries is kept as “linear”."""

from __future__ import annotations

import io
import struct
from functools import lru_cache
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from .color import decode, encode
from .picture import Pixels, Space

TOLERANCE = 0.004  # one step of 8 bits: two profiles that agree so far are the same
PROBE = np.linspace(0.02, 0.98, 7, dtype=np.float32)
PRIMARIES = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))


def to_srgb(colors: Pixels, profile: bytes | None, unprofiled: Space = "srgb") -> tuple[Pixels, Space]:
    """Gray or RGB pixels of `profile` as sRGB, with the curve they now carry; unusable profiles count as none.

    Gray stays gray. Depth is kept; integers in linear light keep it too, so nothing is rounded that need not be.
    """
    gray = colors.shape[2] == 1
    if not profile or profile[16:20] != (b"GRAY" if gray else b"RGB "):
        return colors, unprofiled
    try:
        space = known_space(profile, gray)
        return (colors, space) if space else (_transform(colors, profile, gray), "srgb")
    except (imagecodecs.CmsError, ValueError, struct.error):
        return colors, unprofiled


def cmyk_to_rgb(image: Image.Image) -> Image.Image:
    """A CMYK image as RGB, through its profile if that can be used."""
    profile = image.info.get("icc_profile")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return converted or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a damaged profile: the plain conversion is the best there is
    return image.convert("RGB")


@lru_cache(maxsize=8)
def known_space(profile: bytes, gray: bool) -> Space | None:
    """“srgb” or “linear” when `profile` is that, found by converting a few colours; else None."""
    probe = PROBE[None, :, None] if gray else _color_probe()
    converted = _transform(probe, profile, gray)
    if np.abs(converted - probe).max() < TOLERANCE:
        return "srgb"
    return "linear" if np.abs(converted - encode(probe)).max() < TOLERANCE else None


def srgb_profile(gray: bool = False) -> bytes:
    """The sRGB profile, or one of gray with its curve."""
    if gray:
        return bytes(
            imagecodecs.cms_profile("gray", transferfunction=decode(np.linspace(0, 1, 4096)).astype(np.float32))
        )
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def linear_profile(gray: bool) -> bytes:
    """The profile of linear light, with sRGB primaries."""
    if gray:
        return bytes(imagecodecs.cms_profile("gray", gamma=1.0))
    primaries = [v for x, y in PRIMARIES for v in (x, y, 1.0)]
    return bytes(imagecodecs.cms_profile("rgb", gamma=1.0, whitepoint=[0.3127, 0.3290, 1.0], primaries=primaries))


def _color_probe() -> NDArray[np.float32]:
    """Colours 1×N×3 around the gamut: grays, and each channel against the others."""
    colors = [np.roll([high, mid, 0.1], turn) for high in PROBE for mid in (0.1, high / 2, high) for turn in range(3)]
    return np.array([colors], np.float32)


def _transform(colors: Pixels, profile: bytes, gray: bool) -> Pixels:
    """Pixels converted to sRGB in their own depth. Raises `imagecodecs.CmsError`."""
    flat: NDArray[Any] = np.ascontiguousarray(colors[..., 0] if gray else colors)
    out: NDArray[Any] = imagecodecs.cms_transform(
        flat, profile, srgb_profile(), colorspace="gray" if gray else "rgb", outcolorspace="rgb"
    )
    return out[..., 1:2] if gray else out
