"""What memory there is: the limits of control groups, as containers have them; and every way to be told of its end."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

import scumble
from scumble.methods.costs import LOADED
from scumble.server.worker import device
from scumble.server.worker.cgroups import memory_left, memory_limit
from scumble.server.worker.worker import _plain

MB = 1 << 20


def group(folder: Path, limit: str, used: int, droppable: int, v1: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = ("memory.limit_in_bytes", "memory.usage_in_bytes") if v1 else ("memory.max", "memory.current")
    for name, text in zip(names, (limit, str(used)), strict=True):
        (folder / name).write_text(text + "\n")
    stat = "total_inactive_file" if v1 else "inactive_file"
    (folder / "memory.stat").write_text(f"active_file 7\ntotal_{stat}x 9\n{stat} {droppable}\n")


def member(root: Path, line: str) -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(f"1:name=systemd:/\n{line}\n")
    return root / "sys/fs/cgroup"


def test_the_tightest_group_counts(tmp_path: Path) -> None:
    top = member(tmp_path, "0::/user.slice/app.service")
    group(top / "user.slice/app.service", "max", 100 * MB, 0)
    assert memory_left(tmp_path) is None and memory_limit(tmp_path) == 0
    group(top / "user.slice", str(1600 * MB), 900 * MB, 200 * MB)
    assert memory_left(tmp_path) == 900 * MB and memory_limit(tmp_path) == 1600 * MB
    group(top / "user.slice/app.service", str(1000 * MB), 400 * MB, 0)
    assert memory_left(tmp_path) == 600 * MB and memory_limit(tmp_path) == 1000 * MB
    group(top / "user.slice/app.service", str(300 * MB), 400 * MB, 0)
    assert memory_left(tmp_path) == 0


def test_the_older_version_and_a_container_that_sees_its_own_group_outermost(tmp_path: Path) -> None:
    top = member(tmp_path, "4:cpu,memory:/docker/abc") / "memory"
    group(top, str(512 * MB), 100 * MB, 30 * MB, v1=True)
    assert memory_left(tmp_path) == 442 * MB
    group(top, str((1 << 63) - 4096), 100 * MB, 0, v1=True)
    assert memory_left(tmp_path) is None


def test_without_groups_nothing_is_limited(tmp_path: Path) -> None:
    assert memory_left(tmp_path) is None and memory_limit(tmp_path) == 0


def test_a_device_has_what_the_group_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "memory_left", lambda: 5 * MB)
    monkeypatch.setattr(device, "memory_limit", lambda: 9 * MB)
    assert device.bytes_free("cpu") == 5 * MB
    assert device.describe_devices()[-1]["memory"] == 9 * MB
    monkeypatch.setattr(device, "memory_left", lambda: 0)
    assert device.bytes_free("cpu") == 1, "0 would mean that it is unknown"


@pytest.mark.parametrize(("used", "left"), [(520 * MB, 5000 * MB - (LOADED - 520 * MB)), (900 * MB, 5000 * MB)])
def test_what_a_first_run_loads_is_not_free(used: int, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "bytes_free", lambda name: 5000 * MB)
    monkeypatch.setattr(device.psutil.Process, "memory_info", lambda self: SimpleNamespace(rss=used))
    assert device.bytes_for_a_run("cpu") == left and device.bytes_for_a_run("cuda:0") == 5000 * MB


LIMITED = """
import resource
from scumble.server.worker.device import bytes_free
before = bytes_free("cpu")
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), resource.RLIM_INFINITY))
print(before, bytes_free("cpu"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_limit_of_addresses_is_seen() -> None:
    environ = {**os.environ, "PYTHONPATH": str(Path(scumble.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", LIMITED], env=environ, capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    assert 32 * MB < after <= 64 * MB < before


WAYS = [
    MemoryError(),
    torch.OutOfMemoryError("CUDA out of memory."),
    RuntimeError("could not create a primitive"),
    RuntimeError("could not create a primitive descriptor for a convolution forward propagation primitive"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried"),
    RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes."),
    RuntimeError("std::bad_alloc"),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
]


@pytest.mark.parametrize("error", WAYS, ids=str)
def test_the_end_of_memory_is_known_by_all_its_names(error: Exception) -> None:
    assert _plain(error)["code"] == "memory"


def test_other_errors_are_not_taken_for_it() -> None:
    assert _plain(RuntimeError("size mismatch"))["code"] == _plain(OSError(errno.EIO, "x"))["code"] == "internal"
