"""The errors of frames in their order: sentence and remedy by code."""

from __future__ import annotations

from typing import Dict, Tuple

FRAMES: Dict[str, Tuple[str, str]] = {
    "frames-missing": (
        "The package that holds frames together is not installed.",
        "Run in the engine's environment: pip install opencv-python-headless",
    ),
    "frames-none": (
        "No frame of this layer shows in that range of time.",
        "Choose all frames of the layer, or set another range.",
    ),
    "frames-few": (
        "There are no frames here: the picture has one layer.",
        "Open an animation, or turn “Layers as frames” off.",
    ),
    "frames-differ": (
        "The frames “{name}” and “{other}” differ in size or place.",
        "Make all as large as the picture (in GIMP: Filters ▸ Animation ▸ Unoptimize), and start once more.",
    ),
}
