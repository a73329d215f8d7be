"""Workers give way: an editor draws its windows on the same cores, and a brush that stutters is worse than a wait.

`SCUMBLE_NICENESS` says by how much, from 0 (not at all) to 19; without a competitor it costs nothing.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

VARIABLE, USUAL, MOST = "SCUMBLE_NICENESS", 10, 19


def niceness() -> int:
    """What the environment says; the usual where it says nothing, or nonsense."""
    try:
        return min(MOST, max(0, int(os.environ[VARIABLE])))
    except (KeyError, ValueError):
        return USUAL


def waiting() -> dict[str, str]:
    """How a worker's threads are to wait for each other, in its environment; what the user says there goes before.

    GNU's OpenMP, which torch brings on Linux, has them spin for long. Beside other programs that holds up the one they
    wait for: a step took 8 times as long (`benchmarks.threads`).
    """
    return {} if "OMP_WAIT_POLICY" in os.environ else {"GOMP_SPINCOUNT": "1000"}


def creation_flags() -> int:
    """How Windows is to start a worker."""
    if sys.platform == "win32":
        return subprocess.BELOW_NORMAL_PRIORITY_CLASS if niceness() else 0
    return 0


def give_way() -> None:
    """Elsewhere the worker does it itself, before its first thread: on Linux each has its own niceness.

    Linux may share cores among sessions before it looks at processes (autogroup), so the worker gets one of its own.
    """
    if sys.platform == "win32" or not niceness():
        return
    for step in (lambda: os.nice(niceness()), os.setsid, _lower_session):
        with contextlib.suppress(OSError):
            step()


def _lower_session() -> None:
    autogroup = Path("/proc/self/autogroup")
    if autogroup.exists():
        autogroup.write_text(str(niceness()))
