"""What the docker says of a job, and of the time, in words. No widgets."""

from __future__ import annotations

import datetime
import time
from typing import Any, Optional, Tuple

from ..texts import tr
from ..wire.words import jobs as jobwords
from ..wire.words.jobs import part_done

__all__ = ["part_done", "state_wordings", "when_words"]


def state_wordings(job: Any, starting: bool = False, busy: bool = True) -> Tuple[str, ...]:
    """Where a job is, as `wire.words.jobs` says it; the engine is `starting`, or `busy` with one of the jobs."""
    told = busy or bool(getattr(job, "waits_for", ""))
    if job.state == "queued" and job.position < 1 and not told:  # what paints is being loaded
        return (tr("Getting ready…"),)
    if job.state == "done":  # it has its layer
        return tr("Done: a new layer"), tr("Done")
    return jobwords.state_wordings(job, starting)


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
