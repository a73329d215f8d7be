"""The system's locks of files, which end with the process that holds them: for the engine, its clients and install.py.

`filelock` would do for the first alone: plug-ins and install.py run on a bare Python, and the engine has to notice that
its locked file was removed.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int, shared: bool) -> None:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        if shared:  # Windows has no shared locks: this one is given back at once
            msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(fd: int, shared: bool) -> None:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


def try_lock(fd: int, shared: bool = False) -> bool:
    """Lock an open file without waiting; whether it could be had. It is held until the file is closed.

    `shared` is for looking whether another holds it. Raises `OSError` where nothing can be locked, as on some network
    folders.
    """
    try:
        _lock(fd, shared)
    except (BlockingIOError, PermissionError):  # the second is Windows's
        return False
    return True
