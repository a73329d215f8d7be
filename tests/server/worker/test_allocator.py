"""Where memory is scarce a worker holds no more than it uses; else it keeps blocks for the next step."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import scumble
from scumble.methods.base import Plan
from scumble.server.jobs.process import ALLOCATOR
from scumble.server.worker.worker import Worker
from scumble.wire import PictureRef, PixelFormat, Request, Style

HELD = """
import contextlib, ctypes
from pathlib import Path
from scumble.server.worker.allocator import thrifty
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]

def held():
    block, above = libc.malloc(100 << 20), libc.malloc(1000)
    ctypes.memset(block, 1, 100 << 20)
    libc.free(block)
    lines = Path("/proc/self/status").read_text().splitlines()
    libc.free(above)
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) >> 10

before = held()
with thrifty(True):
    during = held()
    with thrifty(True), thrifty(False):
        pass
    after_a_guest = held()
print(before, during, after_a_guest, held())
"""


@pytest.mark.skipif(sys.platform != "linux" or "glibc" not in os.confstr("CS_GNU_LIBC_VERSION"), reason="glibc's")
def test_blocks_go_back_at_once_and_then_are_kept_again() -> None:
    environ = {**os.environ, **ALLOCATOR, "PYTHONPATH": str(Path(scumble.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", HELD], env=environ, capture_output=True, text=True, check=True)
    before, during, after_a_guest, after = map(int, done.stdout.split())
    assert before > 100 and after > 100 and max(during, after_a_guest) < 90


@pytest.mark.parametrize(
    ("given", "scarce"),
    [
        ({"bytes_free": 200_000_000}, False),
        ({"bytes_free": 110_000_000}, True),
        ({"bytes_free": 0}, False),
        ({"bytes_free": 1 << 40, "level": 1}, True),
        ({"bytes_free": 110_000_000, "device": "cuda:0"}, False),
    ],
)
def test_it_is_scarce_where_a_run_comes_near_to_what_is_free(given: dict[str, Any], scarce: bool) -> None:
    worker = Worker(None, "cpu", Path(), "")  # type: ignore[arg-type]
    worker._methods = SimpleNamespace(estimate=lambda request: 100_000_000)
    request = Request(styles=(Style("scream"),), content=PictureRef("a" * 64, PixelFormat(8, 8, 3)))
    assert worker._is_scarce(request, Plan(**given)) is scarce
    worker._methods = SimpleNamespace()  # of the user's own
    assert worker._is_scarce(request, Plan(**given)) is (given.get("level", 0) > 0)
