"""Embedded ICC profiles: what is not sRGB becomes sRGB; linear light with sRGB primaries is kept as “linear”."""

from __future__ import annotations

import struct
from contextlib import suppress
from functools import lru_cache
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms

from .color import FULL, decode, encode
from .picture import DEPTHS, Pixels, Space

TOLERANCE = 0.004  # one step of 8 bits: two profiles that agree so far are the same
PROBE = np.linspace(0.02, 0.98, 7, dtype=np.float32)
COLORSPACES = {1: "gray", 3: "rgb", 4: "cmyk"}
RELATIVE, COMPENSATE = 1, 0x2000  # LittleCMS's numbers: relative colorimetric, with compensation of the black point
FULL_INK = np.float32(100)  # of CMYK in floats, in LittleCMS's count
WHITE = [0.3127, 0.3290, 1.0]
PRIMARIES = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))


def to_srgb(colors: Pixels, profile: bytes, unprofiled: Space = "srgb") -> tuple[Pixels, Space]:
    """Gray, RGB or CMYK pixels H×W×C as sRGB, with the curve they now carry.

    `profile` leads there (`ways`) or is empty. Gray stays gray, CMYK becomes RGB. Depth is kept; integers in linear
    light keep it too, so nothing is rounded that need not be. What lies outside sRGB is cut off in integers and kept in
    floats (relative colorimetric).
    """
    kind = COLORSPACES[colors.shape[2]]
    if not profile:
        return (_plain_rgb(colors), "srgb") if kind == "cmyk" else (colors, unprofiled)
    space = known_space(profile, kind)
    return (colors, space) if space else (_transform(colors, profile, kind), "srgb")


def from_srgb(colors: Pixels, space: Space, kind: str, profile: bytes) -> Pixels:
    """The way back: colours of `to_srgb` (gray or RGB in `space`) as `kind` in `profile`, depth kept."""
    if kind == "cmyk" and not profile:
        return _plain_inks(colors)
    if not profile or known_space(profile, kind):
        return colors
    flat = np.ascontiguousarray(colors if colors.shape[2] == 3 else np.repeat(colors, 3, axis=2))
    out: NDArray[Any] = imagecodecs.cms_transform(
        flat, srgb_profile(), profile, colorspace="rgb", outcolorspace=kind, intent=RELATIVE, flags=COMPENSATE
    )
    if kind == "cmyk" and out.dtype == np.float32:
        out = out / FULL_INK
    return out.reshape(*colors.shape[:2], -1)


@lru_cache(maxsize=8)
def ways(profile: bytes, kind: str) -> int:
    """How far LittleCMS goes with `profile` for pixels of `kind`: 0 not at all, 1 to sRGB, 2 and back.

    Those of scanners and cameras often lack the way back.
    """
    if profile[16:20] != {"gray": b"GRAY", "rgb": b"RGB ", "cmyk": b"CMYK"}[kind]:
        return 0
    probe = np.full((1, 2, {"gray": 1, "rgb": 3, "cmyk": 4}[kind]), 90, np.uint8)
    done = 0
    with suppress(imagecodecs.CmsError, ValueError, struct.error):
        shown = _transform(probe, profile, kind)
        done = 1
        flat = np.ascontiguousarray(shown if kind != "gray" else np.repeat(shown, 3, axis=2))
        imagecodecs.cms_transform(flat, srgb_profile(), profile, colorspace="rgb", outcolorspace=kind)
        done = 2
    return done


@lru_cache(maxsize=8)
def gray_as_rgb(profile: bytes) -> bytes:
    """A profile of RGB, with sRGB's primaries, in which equal values look as they do in a profile of gray."""
    ramp = np.linspace(0, 1, 4096, dtype=np.float32)[None, :, None]
    curve = decode(_transform(ramp, profile, "gray"))[0, :, 0].clip(0, 1).astype(np.float32)
    primaries = [v for x, y in PRIMARIES for v in (x, y, 1.0)]
    return bytes(imagecodecs.cms_profile("rgb", transferfunction=curve, whitepoint=WHITE, primaries=primaries))


@lru_cache(maxsize=8)
def known_space(profile: bytes, kind: str) -> Space | None:
    """“srgb” or “linear” when `profile` is that, found by converting a few colours; else None."""
    if kind == "cmyk":
        return None
    probe = PROBE[None, :, None] if kind == "gray" else _color_probe()
    converted = _transform(probe, profile, kind)
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
    return bytes(imagecodecs.cms_profile("rgb", gamma=1.0, whitepoint=WHITE, primaries=primaries))


def _color_probe() -> NDArray[np.float32]:
    """Colours 1×N×3 around the gamut: grays, and each channel against the others."""
    colors = [np.roll([high, mid, 0.1], turn) for high in PROBE for mid in (0.1, high / 2, high) for turn in range(3)]
    return np.array([colors], np.float32)


def _transform(colors: Pixels, profile: bytes, kind: str) -> Pixels:
    """Pixels converted to sRGB in their own depth. Raises `imagecodecs.CmsError`."""
    flat: NDArray[Any] = np.ascontiguousarray(colors[..., 0] if kind == "gray" else colors)
    if kind == "cmyk" and flat.dtype == np.float32:
        flat = flat * FULL_INK
    out: NDArray[Any] = imagecodecs.cms_transform(
        flat, profile, srgb_profile(), colorspace=kind, outcolorspace="rgb", intent=RELATIVE, flags=COMPENSATE
    )
    return out[..., 1:2] if kind == "gray" else out


def _plain_rgb(inks: Pixels) -> Pixels:
    """CMYK of which nothing is known, as RGB: inks take light away."""
    full = FULL.get(DEPTHS[inks.dtype], 1)
    light = (full - inks.astype(np.float64)) / full
    rgb = light[..., :3] * light[..., 3:] * full
    return (rgb if full == 1 else np.rint(rgb)).astype(inks.dtype)


def _plain_inks(rgb: Pixels) -> Pixels:
    """The way back, without black."""
    full = FULL.get(DEPTHS[rgb.dtype], 1)
    out: NDArray[Any] = np.concatenate([full - rgb, np.zeros_like(rgb[..., :1])], axis=2)
    return out.astype(rgb.dtype)
