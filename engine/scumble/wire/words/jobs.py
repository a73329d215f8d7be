"""Where a job is: in words, longer and shorter ones, and as a share of the whole."""

from __future__ import annotations

import math
from typing import Any, Tuple

from .frames import frames_words
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
    if getattr(job, "pausing", False) and job.state in ("queued", "running"):
        return tr("Pausing as soon as its work is kept…"), tr("Pausing…")
    if job.state == "queued":
        return _queued_words(int(job.position), bool(job.readying), str(getattr(job, "waits_for", "")))
    fetching = getattr(job, "fetching", None)
    if job.state == "running" and fetching is not None:
        return _fetching_words(fetching)
    if job.state == "running" and getattr(job, "frames", 0) > 1 and job.frame + job.step > 1:
        return frames_words(job.frame, job.frames, left_words(float(job.seconds_left)))
    if job.state == "running":
        preparing = getattr(job, "preparing", None)
        before = _preparing_words(preparing) if preparing is not None and int(job.step) < 1 else ()
        return _running_words(int(job.step), int(job.of), float(job.seconds_left), before)
    adding = (tr("Adding the layer…"), tr("Adding…"))
    words = {
        "sending": (tr("Sending the picture…"), tr("Sending…")),
        "fetching": (tr("Fetching the picture…"), tr("Fetching…")),
        "adding": adding,
        "done": adding,
        "paused": _paused_words(int(100 * part_done(job)) if job.state == "paused" else 0),
        "failed": (tr("Failed"),),
        "cancelled": (tr("Cancelled"),),
    }
    return words.get(job.state, ("",))


def part_done(job: Any) -> float:
    """How far a job is, from 0 to 1: of its time where that is known, else of its steps."""
    if job.state in ("fetching", "adding", "done"):
        return 1.0
    if job.state not in ("queued", "running", "paused"):  # one that rested waits for its turn where it was
        return 0.0
    if job.part >= 0:
        return float(job.part)
    return min(1.0, job.step / job.of) if job.of > 0 else 0.0


def pause_words(job: Any) -> Tuple[str, str]:
    """What the button says that lets a job rest, or go on, and its help."""
    if job.state == "paused":
        return tr("Resume"), tr("Go on where it was.")
    return tr("Pause"), tr("Let it rest; what is painted is kept, and another job may go first.")


def left_words(seconds: float) -> str:
    """“8 s left”, “3 min left”; "" where nothing is known (below 0, or not a number)."""
    if not math.isfinite(seconds) or seconds < 0:
        return ""
    if seconds < 90:
        return tr("{n} s left").format(n=math.ceil(seconds))
    if seconds < 90 * 60:
        return tr("{n} min left").format(n=round(seconds / 60))
    return tr("{n} h left").format(n=round(seconds / 3600))


def _paused_words(percent: int) -> Tuple[str, ...]:
    return (tr("Paused at {n} %").format(n=percent), tr("Paused")) if percent else (tr("Paused"),)


def _queued_words(before: int, readying: bool, waits_for: str) -> Tuple[str, ...]:
    causes = {
        "worker": (tr("Getting ready: loading PyTorch…"), tr("Loading PyTorch…")),
        "preview": (tr("Getting ready: finishing a preview…"), tr("Finishing a preview…")),
        "background": (tr("Getting ready: what paints in the background makes room…"), tr("Making room…")),
        "cancelled": (tr("Getting ready: stopping what was cancelled…"), tr("Stopping the last…")),
        "process": (tr("Waiting: the system can start no more programs"), tr("Waiting for the system…")),
    }
    if before < 1 and waits_for in causes:
        return causes[waits_for]
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


def _preparing_words(preparing: Any) -> Tuple[str, ...]:
    words = {
        "pictures": (tr("Reading the pictures…"),),
        "network": (tr("Loading the network {name}…"), tr("Loading {name}…")),
        "styles": (tr("Measuring the styles…"),),
    }
    return tuple(w.format(name=preparing.name) for w in words.get(preparing.what, ()))


def _running_words(step: int, of: int, seconds: float, before: Tuple[str, ...]) -> Tuple[str, ...]:
    left = left_words(seconds)
    if of < 2 or step < 1:  # one pass has no steps worth counting
        early = before or (tr("Painting…") if of == 1 or step else tr("Getting ready…"),)
        return (tr("{state} {left}").format(state=early[0], left=left), *early[1:], left) if left else early
    states = [words.format(step=step, of=of) for words in (tr("Step {step} of {of}"), tr("{step} of {of}"))]
    return (*(tr("{state}, {left}").format(state=s, left=left) for s in states), left) if left else tuple(states)
