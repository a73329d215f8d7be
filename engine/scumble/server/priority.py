"""Workers give way: an editor draws its windows on the same cores, and a brush that stutters is worse than a wait.

Not so with what is quick, such as a preview: on a busy machine somebody would wait for it ten times as long.

`SCUMBLE_NICENESS` says by how much, from 0 (not at all) to 19; without a competitor it costs nothing.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")
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
    """What a worker does before its first thread.

    Linux may share cores among sessions before it looks at processes (autogroup), so the worker gets one of its own. Of
    its threads only those give way that `give_way_here`; elsewhere the whole process does.
    """
    if sys.platform == "win32" or not niceness():
        return
    with contextlib.suppress(OSError):
        os.setsid()
    if sys.platform == "linux":
        _set_group(low=True)
    else:
        os.nice(niceness())


def give_way_here() -> None:
    """This thread gives way, and those that it starts from now on. Linux alone has a niceness for each."""
    if sys.platform == "linux" and niceness():
        with contextlib.suppress(OSError):
            os.nice(niceness())


def hold_back(pid: int) -> None:
    """Have a process that was just started, in a session of its own, give way to workers too."""
    import psutil

    if niceness():
        with contextlib.suppress(OSError):  # where Linux shares cores among sessions first
            Path(f"/proc/{pid}/autogroup").write_text(str(MOST))
        with contextlib.suppress(OSError, psutil.Error):
            low = psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else MOST
            psutil.Process(pid).nice(low)


_lock = threading.Lock()
_hurried = 0  # quick jobs under way


@contextlib.contextmanager
def hurried() -> Iterator[None]:
    """Meanwhile the worker is as any other program: somebody waits for what is done in a moment.

    On macOS, where a process cannot take back that it gives way, it does not help.
    """
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(more: int) -> None:
    global _hurried
    with _lock:
        before, _hurried = _hurried, _hurried + more
        if niceness() and bool(before) != bool(_hurried):
            _set_group(low=not _hurried)


def _set_group(low: bool) -> None:
    """How all threads of this process stand to other programs."""
    if sys.platform == "win32":
        import psutil

        level = psutil.BELOW_NORMAL_PRIORITY_CLASS if low else psutil.NORMAL_PRIORITY_CLASS
        with contextlib.suppress(OSError, psutil.Error):
            psutil.Process().nice(level)
    elif AUTOGROUP.exists():
        for wait in (0.11, 0.0):  # Linux takes ten changes a second
            with contextlib.suppress(OSError):
                AUTOGROUP.write_text(str(niceness() if low else 0))
                return
            time.sleep(wait)
