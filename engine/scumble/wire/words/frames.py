"""Where a job of several frames is, in words."""

from __future__ import annotations

from typing import Tuple

from .translation import tr


def frames_words(frame: int, frames: int, left: str) -> Tuple[str, ...]:
    """“Frame 3 of 10, 8 s left”, and shorter; `left` may be empty."""
    here = tr("Frame {n} of {of}").format(n=frame, of=frames)
    if not left:
        return (here,)
    return tr("{state}, {left}").format(state=here, left=left), here, left
