"""How far a result is from its content and from its styles. Neither means anything without the other."""

from __future__ import annotations

from .eye import Eye, Painting, Sight
from .judges import Judge, load_judge
from .lpips import Lpips, load_lpips
from .perceptual import CONTENT_TAP, STYLE_TAPS, StyleMoments, WeightedStyle, content_loss, style_loss, style_target
from .prepared import prepare_native, prepare_result
from .recolored import recolored
from .similarity import LIBRARY_MISSING, has_library, structural_similarity
from .yardstick import Measures, Yardstick

__all__ = [
    "CONTENT_TAP",
    "LIBRARY_MISSING",
    "STYLE_TAPS",
    "Eye",
    "Judge",
    "Lpips",
    "Measures",
    "Painting",
    "Sight",
    "StyleMoments",
    "WeightedStyle",
    "Yardstick",
    "content_loss",
    "has_library",
    "load_judge",
    "load_lpips",
    "prepare_native",
    "prepare_result",
    "recolored",
    "structural_similarity",
    "style_loss",
    "style_target",
]
