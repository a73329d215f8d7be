"""Which frame a layer belongs to that was painted by hand, by its name."""

from __future__ import annotations

import re
from typing import Optional, Sequence

ADDED = re.compile(r"\(\s*\d+\s*ms\s*\)|\((?:replace|combine)\)|#\d+\s*$")  # a frame's time, and what GIMP adds


def bare_name(name: str) -> str:
    """A layer's name without how long it is shown, and the “#1” that makes it another's."""
    return " ".join(ADDED.sub(" ", name).split())


def frame_called(name: str, frames: Sequence[str]) -> Optional[int]:
    """The frame, by its number from 0, that is called `name`, or so that `name` goes on after it: the longest of them.

    “Frame 1” goes on in “Frame 1 copy”, not in “Frame 10”.
    """
    begun = [n for n, frame in enumerate(frames) if frame and re.match(re.escape(frame) + r"(?!\w)", name)]
    return max(begun, key=lambda n: len(frames[n])) if begun else None
