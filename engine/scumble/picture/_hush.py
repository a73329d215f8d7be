"""Decoders that tell of damage in words of their own, past what Python can catch."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress

_HUSH = threading.Lock()


@contextmanager
def hushed() -> Iterator[None]:
    """Nothing is printed meanwhile, by Python's print or on the process's own standard error."""
    with _HUSH, open(os.devnull, "wb") as nowhere, redirect_stdout(io.StringIO()):
        kept = -1
        with suppress(OSError):  # it is closed, as in programs without a terminal
            kept = os.dup(2)
        try:
            if kept >= 0:
                os.dup2(nowhere.fileno(), 2)
            yield
        finally:
            if kept >= 0:
                os.dup2(kept, 2)
                os.close(kept)
