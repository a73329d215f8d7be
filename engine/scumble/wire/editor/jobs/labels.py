"""What editors say of jobs that ended and of the history: labels, each with its help where it has one; and the time."""

from __future__ import annotations

import datetime
import time
from typing import Optional, Tuple

from ...words.translation import tr

Words = Tuple[str, str]


def history_words() -> Words:
    """What the history is called."""
    return tr("History"), tr("What was painted last: its settings again, or the result as a layer once more.")


def again_words() -> Words:
    """Makes a result a layer."""
    return tr("Apply again"), tr("The result as a new layer, at the place where it was painted.")


def remove_words() -> Words:
    """Forgets one result."""
    return tr("Remove"), tr("Forget this result; layers stay as they are")


def clear_words() -> Words:
    """Forgets all."""
    return tr("Clear"), tr("Forget all results that were kept; layers stay as they are")


def added_words(title: str) -> str:
    """A result is a layer."""
    return tr("Done: “{title}” is a new layer.").format(title=title)


def broken_words(title: str, frame: int, frames: int, why: str) -> str:
    """A layer came of the frames before the one that failed; `why` are sentences."""
    words = tr(
        "“{title}” is a new layer, but frame {n} of {of} could not be painted: it and those after it are missing."
    )
    return f"{words.format(title=title, n=frame, of=frames)} {why}"


def cancelled_words(title: str) -> str:
    """A job was ended by the user."""
    return tr("Cancelled: {title}").format(title=title)


def kept_words() -> str:
    """There is no layer, and yet nothing is lost."""
    return tr("The result is kept in the history.")


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
