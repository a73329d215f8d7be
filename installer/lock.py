"""One run at a time: a locked file, which the system lets go when the process ends, however it ends."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

from .speech import Failed
from .system import borrow

LOCK = "install.lock"
TRIES = 100  # a run that ends takes its file, and maybe the folder, away
BUSY = "another run of install.py is at work on {folder}. Wait until it has ended, then run this again."

_held: List[int] = []


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other runs out by the file `path`; nothing of it stays. Raises `Failed` while another is at work.

    Where no file can be locked (a full disk, a network's folder) it goes on without: what is in the lock's way is told
    when it is in the work's way, and a full disk must not keep anybody from uninstalling.
    """
    made = [folder for folder in (path.parent, *path.parent.parents) if not os.path.lexists(str(folder))]
    fd = _hold(path)
    if fd is None:
        yield
        return
    _held.append(fd)
    try:
        yield
    finally:
        _held.remove(fd)
        _let_go(fd, path)
        for folder in made:
            with suppress(OSError):  # it holds something now
                folder.rmdir()


def held() -> Tuple[int, ...]:
    """What a program is handed that must not work on when another run begins, should this one be killed."""
    return tuple(_held) if os.name != "nt" else ()


def _hold(path: Path) -> Optional[int]:
    """The locked file, open; None where it cannot be had."""
    try_lock = borrow("engine.locks").try_lock
    for _ in range(TRIES):
        try:
            path.parent.parent.mkdir(parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            fd = os.open(str(path), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            if isinstance(error, (FileNotFoundError, FileExistsError)) and not _is_in_the_way(path.parent):
                continue  # the folder went meanwhile, and came again
            return None
        try:
            taken = not try_lock(fd)
        except OSError:
            os.close(fd)
            return None
        if taken:
            os.close(fd)
            raise Failed(BUSY.format(folder=path.parent))
        if _is_there(fd, path):
            return fd
        os.close(fd)
    raise Failed(BUSY.format(folder=path.parent))  # others come and go all the time


def _is_in_the_way(place: Path) -> bool:
    """Whether something else than a folder is where one should be: looked at once, for folders come and go."""
    try:
        mode = place.lstat().st_mode
    except OSError:
        return False
    return not (stat.S_ISDIR(mode) or (stat.S_ISLNK(mode) and place.is_dir()))


def _is_there(fd: int, path: Path) -> bool:
    """Whether the file is still the one at `path`: who held it before took it away."""
    try:
        return os.path.samestat(os.fstat(fd), os.stat(str(path)))
    except OSError:
        return False


def _let_go(fd: int, path: Path) -> None:
    if os.name != "nt":  # there an open file cannot be removed, nor one that another run has open
        with suppress(OSError):
            path.unlink()
    os.close(fd)
    if os.name == "nt":
        with suppress(OSError):
            path.unlink()
