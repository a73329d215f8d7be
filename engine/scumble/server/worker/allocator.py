"""glibc's allocator: blocks are kept for the next step as a rule, and given back at once where memory is scarce.

What is kept falls into pieces: the same run held from 1.1 to 1.6 GB, as chance had it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from collections.abc import Iterator, Mapping

SCARCE = {"MALLOC_MMAP_THRESHOLD_": 1 << 20, "MALLOC_TRIM_THRESHOLD_": 4 << 20, "MALLOC_TOP_PAD_": 1 << 20}
USUAL = {"MALLOC_MMAP_THRESHOLD_": 128 << 10, "MALLOC_TRIM_THRESHOLD_": 128 << 10, "MALLOC_TOP_PAD_": 0}
NUMBERS = {"MALLOC_MMAP_THRESHOLD_": -3, "MALLOC_TRIM_THRESHOLD_": -1, "MALLOC_TOP_PAD_": -2}  # malloc.h's
MOST = (1 << 31) - 1  # that can be asked for at run time

_wanted: list[bool] = []
_lock = threading.Lock()


@contextlib.contextmanager
def thrifty(on: bool) -> Iterator[None]:
    """Where `on`, and glibc is there, large blocks go back to the system as soon as they are free; then as before.

    It is the whole process's, so that of two runs at once the one that wants it is followed.
    """
    if not on:
        yield
        return
    with _lock:
        _wanted.append(on)
        _set(SCARCE)
    trim()
    try:
        yield
    finally:
        with _lock:
            _wanted.pop()
            if not _wanted:
                given = {name: os.environ.get(name, "") for name in USUAL}  # the worker was started with those
                _set({n: min(int(v), MOST) if v.isdigit() else USUAL[n] for n, v in given.items()})


def _set(sizes: Mapping[str, int]) -> None:
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if set_option:
        for name, size in sizes.items():
            set_option(NUMBERS[name], size)


def trim() -> None:
    """Give what is free back to the system."""
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if give_back:
        give_back(0)
