"""Where a run is, in words and as a share. No GIMP."""

from __future__ import annotations

import math

from ..texts import tr
from ..wire.runs import Run


def state_words(run: Run, starting: bool = False) -> str:
    """One line on where a run is; `starting` while the engine is on its way up."""
    if run.state == "sending":
        return tr("Starting the engine…") if starting else tr("Sending the picture…")
    if run.state == "queued":
        return tr("Waiting, {n} before it").format(n=run.position) if run.position > 0 else tr("Waiting, next in turn")
    if run.state == "running":
        return _running_words(run.step, run.of, run.seconds_left)
    words = {
        "fetching": tr("Fetching the picture…"),
        "done": tr("Adding the layer…"),
        "failed": tr("Failed"),
        "cancelled": tr("Cancelled"),
    }
    return words.get(run.state, "")


def part_done(run: Run) -> float:
    """How far a run is, from 0 to 1."""
    if run.state in ("fetching", "done"):
        return 1.0
    return min(1.0, run.step / run.of) if run.state == "running" and run.of > 0 else 0.0


def left_words(seconds: float) -> str:
    """“8 s left”, “3 min left”; "" where nothing is known (below 0, or not a number)."""
    if not math.isfinite(seconds) or seconds < 0:
        return ""
    if seconds < 90:
        return tr("{n} s left").format(n=math.ceil(seconds))
    if seconds < 90 * 60:
        return tr("{n} min left").format(n=round(seconds / 60))
    return tr("{n} h left").format(n=round(seconds / 3600))


def _running_words(step: int, of: int, seconds: float) -> str:
    if of < 2 or step < 1:  # one pass has no steps worth counting
        return tr("Painting…") if of == 1 or step else tr("Getting ready…")
    words, left = tr("Step {step} of {of}").format(step=step, of=of), left_words(seconds)
    return tr("{state}, {left}").format(state=words, left=left) if left else words
