"""Which of an engine's devices paint alike: those of the sort and model of its best one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def like_the_best(devices: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of `devices`, as an engine's hello tells them (the best first), that are like the first; none of none."""
    return [d for d in devices if _kind(d) == _kind(devices[0])]


def _kind(device: Mapping[str, Any]) -> tuple[str, str]:
    """The sort, and the model, where it was looked at."""
    return str(device.get("name", "")).partition(":")[0], str(device.get("title", ""))
