"""Where a job is: in words, longer and shorter ones, and as a share of the whole."""

from __future__ import annotations

import math
from typing import Any, Tuple

from .translation import tr


def state_words(job: Any, starting: bool = False) -> str:
    """One line on where a job is; as `state_wordings`."""
    return state_wordings(job, starting)[0]


def state_wordings(job: Any, starting: bool = False) -> Tuple[str, ...]:
    """Where a `Run` is, or an editor's job with the same fields, in one line or in shorter ones.

    `starting`: the engine is on its way up. A run that is “done” has no layer yet: editors may call that “adding”.
    """
    if job.state == "sending" and starting:
        return tr("Starting the engine…"), tr("Starting…")
    if job.state == "queued":
        return _queued_words(int(job.position), bool(job.readying))
    fetching = getattr(job, "fetching", None)
    if job.state == "running" and fetching is not None:
        return _fetching_words(fetching)
    if job.state == "running":
        return _running_words(int(job.step), int(job.of), float(job.seconds_left))
    adding = (tr("Adding the layer…"), tr("Adding…"))
    words = {
        "sending": (tr("Sending the picture…"), tr("Sending…")),
        "fetching": (tr("Fetching the picture…"), tr("Fetching…")),
        "adding": adding,
        "done": adding,
        "failed": (tr("Failed"),),
        "cancelled": (tr("Cancelled"),),
    }
    return words.get(job.state, ("",))


def part_done(job: Any) -> float:
    """How far a job is, from 0 to 1: of its time where that is known, else of its steps."""
    if job.state in ("fetching", "adding", "done"):
        return 1.0
    if job.state != "running":
        return 0.0
    if job.part >= 0:
        return float(job.part)
    return min(1.0, job.step / job.of) if job.of > 0 else 0.0


def left_words(seconds: float) -> str:
    """“8 s left”, “3 min left”; "" where nothing is known (below 0, or not a number)."""
    if not math.isfinite(seconds) or seconds < 0:
        return ""
    if seconds < 90:
        return tr("{n} s left").format(n=math.ceil(seconds))
    if seconds < 90 * 60:
        return tr("{n} min left").format(n=round(seconds / 60))
    return tr("{n} h left").format(n=round(seconds / 3600))


def _queued_words(before: int, readying: bool) -> Tuple[str, ...]:
    if before < 1 and readying:
        return (tr("Getting ready…"),)
    if before < 1:
        return tr("Waiting, next in turn"), tr("Next in turn")
    return tr("Waiting, {n} before it").format(n=before), tr("{n} before it").format(n=before)


def _fetching_words(fetching: Any) -> Tuple[str, ...]:
    shorter = tr("Downloading {name}…").format(name=fetching.name)
    if not fetching.done:
        return (shorter,)
    n, of = fetching.done // 1_000_000, fetching.total // 1_000_000
    longer = tr("Downloading {name}, {n} of {of} MB") if of else tr("Downloading {name}, {n} MB")
    return longer.format(name=fetching.name, n=n, of=of), shorter


def _running_words(step: int, of: int, seconds: float) -> Tuple[str, ...]:
    left = left_words(seconds)
    if of < 2 or step < 1:  # one pass has no steps worth counting
        state = tr("Painting…") if of == 1 or step else tr("Getting ready…")
        return (tr("{state} {left}").format(state=state, left=left), left) if left else (state,)
    states = [words.format(step=step, of=of) for words in (tr("Step {step} of {of}"), tr("{step} of {of}"))]
    return (*(tr("{state}, {left}").format(state=s, left=left) for s in states), left) if left else tuple(states)
