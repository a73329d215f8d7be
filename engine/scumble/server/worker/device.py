"""Devices and their memory, seen by a worker. Only `describe_devices` loads torch; the rest uses it where it is."""

from __future__ import annotations

import sys
from typing import Any

import psutil

from ...methods.costs import LOADED
from .allocator import trim
from .cgroups import memory_left, memory_limit


def describe_devices() -> list[dict[str, Any]]:
    """The devices of this machine, the fastest first: name, title, memory in bytes (0: unknown)."""
    import torch

    from ...methods.device import devices

    described = []
    for name in devices():
        title, memory = name.upper(), 0
        if name.startswith("cuda"):
            found = torch.cuda.get_device_properties(name)
            title, memory = found.name, found.total_memory
        elif name == "cpu":
            memory = psutil.virtual_memory().total
            memory = min(memory, memory_limit() or memory)
        described.append({"name": name, "title": title, "memory": memory})
    return described


def bytes_free(device: str) -> int:
    """Free memory of a device; 0 where it cannot be told."""
    torch = sys.modules.get("torch")
    if device.startswith("cuda") and torch:
        return int(torch.cuda.mem_get_info(device)[0])
    if device not in ("cpu", "mps"):  # Apple's GPUs share it
        return 0
    limits = (int(psutil.virtual_memory().available), memory_left(), _addresses_left())
    return max(1, min(left for left in limits if left is not None))


def bytes_for_a_run(device: str) -> int:
    """Free memory of a device, less what the first run of a process has to load before it paints."""
    free = bytes_free(device)
    if device.startswith("cuda") or not free:
        return free
    return max(1, free - max(0, LOADED - int(psutil.Process().memory_info().rss)))


def _addresses_left() -> int | None:
    """What “ulimit -v” leaves to this process; None without such a limit."""
    if sys.platform == "win32":
        return None
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit - int(psutil.Process().memory_info().vms)


def bytes_used(device: str) -> int:
    """Memory this process holds on its device: reserved by torch, or resident."""
    torch = sys.modules.get("torch")
    if device.startswith("cuda") and torch:
        return int(torch.cuda.memory_reserved(device))
    return int(psutil.Process().memory_info().rss)


def free_cache(device: str) -> None:
    """Give what torch keeps for reuse back to the device, so that other programs can have it."""
    torch = sys.modules.get("torch")
    if torch and device.startswith("cuda"):
        torch.cuda.empty_cache()
    elif torch and device == "mps":
        torch.mps.empty_cache()
    else:
        trim()
