"""What the docker says of a job, of the time and of the engine, in words. No widgets."""

from __future__ import annotations

import datetime
import math
import time
from typing import Any, Optional, Tuple

from ..texts import tr

SOONEST = 30  # the first steps load and warm up: what is left is told from this part of them on


def state_wordings(job: Any, starting: bool = False) -> Tuple[str, ...]:
    """Where a job is, in one line or in shorter ones; `starting` while the engine is on its way up."""
    if job.state == "sending" and starting:
        return tr("Starting the engine…"), tr("Starting…")
    if job.state == "queued":
        return _queued_words(int(job.position))
    if job.state == "running":
        return _running_words(int(job.step), int(job.of), float(job.seconds_left))
    words = {
        "sending": (tr("Sending the picture…"), tr("Sending…")),
        "fetching": (tr("Fetching the picture…"), tr("Fetching…")),
        "adding": (tr("Adding the layer…"), tr("Adding…")),
        "done": (tr("Done: a new layer"), tr("Done")),
        "failed": (tr("Failed"),),
        "cancelled": (tr("Cancelled"),),
    }
    return words.get(job.state, ("",))


def part_done(job: Any) -> float:
    """How far a job is, from 0 to 1."""
    if job.state in ("fetching", "adding", "done"):
        return 1.0
    return min(1.0, job.step / job.of) if job.state == "running" and job.of > 0 else 0.0


def left_words(seconds: float) -> str:
    """“8 s left”, “3 min left”; "" where nothing is known (below 0, or not a number)."""
    if not math.isfinite(seconds) or seconds < 0:
        return ""
    if seconds < 90:
        return tr("{n} s left").format(n=math.ceil(seconds))
    if seconds < 90 * 60:
        return tr("{n} min left").format(n=round(seconds / 60))
    return tr("{n} h left").format(n=round(seconds / 3600))


def when_words(when: float, now: Optional[float] = None) -> str:
    """“just now”, “5 min ago”, then the hour, then the days. `when` and `now` in seconds since 1970."""
    now = time.time() if now is None else now
    if now - when < 60:
        return tr("just now")
    if now - when < 3600:
        return tr("{n} min ago").format(n=int((now - when) // 60))
    moment = time.localtime(when)
    days = datetime.date.fromtimestamp(now).toordinal() - datetime.date.fromtimestamp(when).toordinal()
    if days == 0:
        return time.strftime("%H:%M", moment)
    return tr("yesterday") if days == 1 else tr("{n} days ago").format(n=days)


def _queued_words(before: int) -> Tuple[str, ...]:
    if before < 1:
        return tr("Waiting, next in turn"), tr("Next in turn")
    return tr("Waiting, {n} before it").format(n=before), tr("{n} before it").format(n=before)


def _running_words(step: int, of: int, seconds: float) -> Tuple[str, ...]:
    if of < 2 or step < 1:  # one pass has no steps worth counting
        return (tr("Painting…") if of == 1 or step else tr("Getting ready…"),)
    long, short = tr("Step {step} of {of}"), tr("{step} of {of}")
    states = [words.format(step=step, of=of) for words in (long, short)]
    left = left_words(seconds) if step * SOONEST >= of else ""
    if not left:
        return tuple(states)
    return (*(tr("{state}, {left}").format(state=state, left=left) for state in states), left)
