"""How far a result is from its content and from its styles. Neither means anything without the other."""

from __future__ import annotations

from .lpips import Lpips, load_lpips
from .perceptual import CONTENT_TAP, STYLE_TAPS, StyleMoments, WeightedStyle, content_loss, style_loss, style_target
from .similarity import LIBRARY_MISSING, has_library, structural_similarity
from .yardstick import Measures, Yardstick

__all__ = [
    "CONTENT_TAP",
    "LIBRARY_MISSING",
    "STYLE_TAPS",
    "Lpips",
    "Measures",
    "StyleMoments",
    "WeightedStyle",
    "Yardstick",
    "content_loss",
    "has_library",
    "load_lpips",
    "structural_similarity",
    "style_loss",
    "style_target",
]
