"""Trainings in words: where one is, what can be done about it, what the button that opens the window says."""

from __future__ import annotations

from typing import List, Sequence, Tuple

from ...words.jobs import left_words
from ...words.translation import explain, tr
from .lessons import Line


def where_it_is(line: Line) -> str:
    """One line, or for one that failed a sentence and what to do."""
    if line.state == "failed" and line.error is not None:
        return explain(line.error)
    if line.state == "running":
        return _running(line)
    words = {
        "queued": tr("Waiting for the one before it"),
        "pausing": tr("Keeping what is learned…"),
        "paused": tr("Paused at {n} %").format(n=_percent(line)),
        "cancelling": tr("Cancelling…"),
        "done": _done(line),
        "failed": tr("Failed"),
    }
    return words.get(line.state, "")


def _done(line: Line) -> str:
    if line.photographs:
        return tr("Learned: it is in the library")
    return tr(
        "Learned: it is in the library. No photographs were found to learn on; with a folder of them it gets better."
    )


def _running(line: Line) -> str:
    if line.resting:
        return tr("Waiting while a picture is painted")
    what = {
        "reading photographs": tr("Reading photographs…"),
        "measuring the painting": tr("Measuring the painting…"),
        "painting examples": tr("Painting examples"),
        "learning": tr("Learning"),
    }.get(line.what, tr("Getting ready…"))
    if line.what not in ("painting examples", "learning"):
        return what
    return ", ".join(filter(None, (what, f"{_percent(line)} %", left_words(line.left))))


def _percent(line: Line) -> int:
    return int(100 * line.part)


def deeds(line: Line) -> List[Tuple[str, str, str]]:
    """What can be done about it: for the engine, on the button, and in its tooltip."""
    cancel = ("cancel", tr("Cancel"), tr("End it for good: nothing of it is kept."))
    if line.state in ("queued", "running"):
        return [("pause", tr("Pause"), tr("Keep what is learned, and go on later.")), cancel]
    if line.state in ("paused", "failed"):
        return [("resume", tr("Resume"), tr("Go on where it was.")), cancel]
    if line.state == "done":
        use = ("use", tr("Use this style"), tr("Paint with it."))
        return [use, ("cancel", tr("Done"), tr("Take it out of this list."))]
    return []


def open_words(lines: Sequence[Line]) -> str:
    """What the button says: to begin with one, or how far the one is that is learned."""
    running = next((line for line in lines if line.state == "running"), None)
    if running is None:
        return tr("Learn a style…")
    return tr("Learning, {n} %…").format(n=_percent(running))


def learned_words(line: Line) -> str:
    """What is said when a style has joined the library."""
    return tr("Learned: “{title}” is in the library.").format(title=line.title)
