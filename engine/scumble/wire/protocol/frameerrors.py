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
    "keys-none": (
        "No key frame of “{name}” lies among the frames that are painted.",
        "Paint on a key frame of that layer within their time, or choose “None by hand”.",
    ),
    "key-incomplete": (
        "A key frame has no {what}.",
        "Say for each key what was painted by hand, and the content of the frame that it was painted over.",
    ),
    "key-far": (
        "There are {count} frames between a frame and its key; at most {most} can be.",
        "Paint a key between them, or leave this one out.",
    ),
    "key-differs": (
        "The key frame “{name}” does not fit its frame: {is_of}, the frame is {size}.",
        "Paint it over the frame itself, and save it without changing its size.",
    ),
    "key-nowhere": (
        "The key frame “{name}” names no frame that is painted.",
        "Frames are {known}.",
    ),
    "key-twice": (
        "The frame “{frame}” has two key frames: “{name}” and “{other}”.",
        "Leave one of them out.",
    ),
}
