"""A real control group of Linux with a limit: what is left in it is seen.

Only root can make one, and only where the system has its memory controller; CI's containers have.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import scumble

MB = 1 << 20
ROOT = Path("/sys/fs/cgroup")
JOINED = ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"']
TELL = """
from scumble.server.worker.cgroups import memory_left, memory_limit
before = memory_left()
kept = bytearray(b"x") * (64 << 20)
open("file", "wb").write(bytes(32 << 20))
print(memory_limit(), before, memory_left())
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux has them")


@pytest.fixture
def group() -> Iterator[Path]:
    """An empty group, of either version."""
    top = ROOT / "memory" if (ROOT / "memory").is_dir() else ROOT
    made = top / f"scumble-test-{os.getpid()}"
    try:
        made.mkdir()
    except OSError as e:
        pytest.skip(f"no control group can be made here: {e.strerror}")
    try:
        if not any((made / name).exists() for name in ("memory.max", "memory.limit_in_bytes")):
            pytest.skip("the memory controller is not handed on here")
        yield made
    finally:
        end = time.monotonic() + 10
        while made.exists() and time.monotonic() < end:
            with contextlib.suppress(OSError):  # its last process may be ending still
                made.rmdir()
            time.sleep(0.1)


def limit(group: Path, size: int) -> None:
    name = "memory.max" if (group / "memory.max").exists() else "memory.limit_in_bytes"
    (group / name).write_text(str(size))


def test_what_a_real_group_leaves_is_seen(group: Path, tmp_path: Path) -> None:
    limit(group, 512 * MB)
    environ = {**os.environ, "PYTHONPATH": str(Path(scumble.__file__).parents[1])}
    words = [*JOINED, str(group), sys.executable, "-c", TELL]
    done = subprocess.run(words, env=environ, cwd=tmp_path, capture_output=True, text=True, check=True)
    whole, before, after = map(int, done.stdout.split())
    assert whole == 512 * MB and 256 * MB < before < whole
    assert 48 * MB < before - after < 80 * MB, "what is kept counts, a file that can be dropped does not"
