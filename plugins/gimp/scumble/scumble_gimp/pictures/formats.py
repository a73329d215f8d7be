"""Pixel formats: as what the pixels of an image travel, so that nothing is lost, and babl's names for it.

Colours always carry the sRGB curve and its primaries; babl converts from and to the image's own profile.
"""

from __future__ import annotations

from typing import Any

from ..gimplib import Babl, Gimp

COLORS = {"u8": "R'G'B'A u8", "u16": "R'G'B'A u16", "f32": "R'G'B'A float"}
COVERAGE = {"u8": "Y u8", "u16": "Y u16"}  # not Y', which would bend a mask
ALPHA = {"u8": "A u8", "u16": "A u16"}
LIGHTNESS = "Y'aA u8"  # premultiplied: how light each pixel is, times its alpha
SMOOTH = "RaGaBaA float"  # in which pixels are averaged: linear, and transparent ones lend no colour
DEEPER = {"u8": "u16", "u16": "f32", "f32": "f32"}


def depth_of(image: Any) -> str:
    """“u8”, “u16” or “f32”: what holds the image's colours with the sRGB curve, without loss."""
    name = str(image.get_precision().value_nick)  # such as “u8-non-linear”
    depth = name.partition("-")[0]
    depth = depth if depth in COLORS else "f32"
    bent = name.endswith("-linear") and not name.endswith("non-linear")
    return DEEPER[depth] if bent or has_own_curve(image) else depth


def mask_depth_of(image: Any) -> str:
    """“u8” or “u16”: what holds the image's selection."""
    return "u8" if str(image.get_precision().value_nick).startswith("u8") else "u16"


def has_own_curve(image: Any) -> bool:
    """Whether its colours are not those of sRGB, which most photographs name as their profile."""
    profile = image.get_color_profile()
    if profile is None:
        return False
    return str(Babl.get_name(profile.get_space(Gimp.ColorRenderingIntent.RELATIVE_COLORIMETRIC))) != "sRGB"
