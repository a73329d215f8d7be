"""Whether a process is alive, on every system, and whether its number means anything here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .locks import try_lock


def is_alive(pid: int) -> bool:
    """Whether process `pid` runs; one that ended and was not yet collected by its parent does not."""
    if not 0 < pid < 1 << 31:  # 0 and below name groups of processes
        return False
    return _is_alive_windows(pid) if sys.platform == "win32" else _is_alive_posix(pid)


def namespace() -> str:
    """The namespace that process numbers here belong to; empty where there is but one, or none is told."""
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def is_locked(path: Path) -> bool:
    """Whether some process, in whichever namespace, holds the lock of file `path`."""
    try:
        with path.open("rb") as file:
            return not try_lock(file.fileno(), shared=True)
    except OSError:
        return False


def _is_alive_posix(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:  # “4711 (name) Z …”: the name may hold brackets itself
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True  # no /proc here
    return state not in ("Z", "X")


def _is_alive_windows(pid: int) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    still_active, query_limited, access_denied = 259, 0x1000, 5
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(query_limited, False, pid)
    if not handle:
        return bool(ctypes.get_last_error() == access_denied)
    code = ctypes.c_ulong()
    try:
        kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
    finally:
        kernel.CloseHandle(ctypes.c_void_p(handle))
    return code.value == still_active
