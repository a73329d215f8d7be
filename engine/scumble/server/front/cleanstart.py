"""What a process inherits from whoever started it, and an engine had better not: an editor has ways of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

FILES = 4096  # descriptors that may be open: clients, pictures, workers


def start_clean() -> None:
    """Files are for the user alone, the end of children is told, no signal is held back, descriptors suffice.

    Workers inherit it in turn.
    """
    os.umask(0o077)
    if sys.platform == "win32":
        return
    import resource

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(hard, FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
