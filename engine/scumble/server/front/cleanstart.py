"""What a process inherits from the program that started it, and an engine must not: editors change such things."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

FILES = (1 << 16, 10240, 4096)  # descriptors that may be open, as many as the system lets: clients, pictures, workers


def start_clean() -> None:
    """New files are private, the end of children is reported, no signal is blocked, and enough files can be open.

    Workers inherit it in turn.
    """
    os.umask(0o077)
    if sys.platform == "win32":
        return
    import resource

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for files in FILES:
        most = files if hard == resource.RLIM_INFINITY else min(hard, files)
        if soft == resource.RLIM_INFINITY or soft >= most:
            return
        with contextlib.suppress(ValueError, OSError):  # macOS has a bound of its own below “infinity”
            return resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
