"""What the docker says of a job, in words. No widgets."""

from __future__ import annotations

from typing import Any, Tuple

from ..texts import tr
from ..wire.words import jobs as jobwords
from ..wire.words.jobs import part_done

__all__ = ["part_done", "state_wordings"]


def state_wordings(job: Any, starting: bool = False, busy: bool = True) -> Tuple[str, ...]:
    """Where a job is, as `wire.words.jobs` says it; the engine is `starting`, or `busy` with one of the jobs."""
    told = busy or bool(getattr(job, "waits_for", ""))
    if job.state == "queued" and job.position < 1 and not told:  # what paints is being loaded
        return (tr("Getting ready…"),)
    if job.state == "done":  # it has its layer
        return tr("Done: a new layer"), tr("Done")
    return jobwords.state_wordings(job, starting)
