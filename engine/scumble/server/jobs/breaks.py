"""Jobs that are broken off: paused by the user, or by a worker's death; and how they go on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...wire.protocol.errors import PlainError, ScumbleError
from ..limits import GOING_ON, PAUSE_SECONDS
from ..logs import log_path
from .jobs import Job

if TYPE_CHECKING:
    from .scheduler import Scheduler

VMSTAT = Path("/proc/vmstat")
NO_LIBRARY = ("WinError 126", "DLL load failed")  # said where a library is missing; the rest is translated
RUNTIME = "vc_redist.x64.exe, from https://aka.ms/vs/17/release/vc_redist.x64.exe"


def pause(scheduler: Scheduler, job: Job) -> str:
    """Take a job from its worker until `resume`; its state afterwards. It goes on where it was kept."""
    if job.state == "queued":
        scheduler.jobs.waiting.remove(job)
        rest(scheduler, job)
        scheduler.dispatch()
    elif job.state == "running":
        scheduler.tell(job, "pause", "pausing", PAUSE_SECONDS)
    return job.state


def rest(scheduler: Scheduler, job: Job) -> None:
    """A job has no worker any more, and waits for none."""
    job.state, job.further = "paused", True
    scheduler.publish(job, {"type": "paused"}, ())


def resume(scheduler: Scheduler, job: Job) -> str:
    """Let a paused job wait for its turn again; its state afterwards. Raises `job-limit`."""
    if job.state == "paused":
        scheduler.jobs.check_room()
        job.state, job.position = "queued", -1
        scheduler.jobs.enqueue(job)
        scheduler.dispatch()
    return job.state


def goes_on(job: Job, error: PlainError) -> bool:
    """Whether a job whose worker died is to go on under its plan, from where it was kept; counts it.

    A job that made no progress since it was last continued, or that ran out of memory, does not.
    """
    further, job.further = job.further, False
    if error["code"] != "worker-died" or not further or job.breaks >= GOING_ON or kills() > job.kills:
        return False
    job.breaks += 1
    return True


def kills() -> int:
    """How many processes Linux has ended for want of memory; 0 where nothing tells."""
    try:
        lines = VMSTAT.read_text("ascii").splitlines()
    except (OSError, ValueError):
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


def died(reason: str) -> PlainError:
    """What the death of a worker means to a user."""
    if any(mark in reason for mark in NO_LIBRARY):
        lacks = "Windows lacks Microsoft's Visual C++ Redistributable, which torch needs"
        return ScumbleError("engine-missing", reason=lacks, command=RUNTIME).to_plain()
    return ScumbleError("worker-died", reason=reason, log=str(log_path())).to_plain()
