"""What Linux leaves to this process: the limits of its control groups, as containers and services have them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

UNLIMITED = 1 << 60  # version 1 writes a number near 2^63 where there is no limit


class Names(NamedTuple):
    """A version's files: the limit, what is used, and in `memory.stat` what of that is files that can be dropped."""

    limit: str
    used: str
    droppable: str


V1 = Names("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
V2 = Names("memory.max", "memory.current", "inactive_file")


def memory_limit(root: Path = Path("/")) -> int:
    """Bytes that this process and its group may take in all; 0 without a limit."""
    return min((limit for _, limit in _groups(root)), default=0)


def memory_left(root: Path = Path("/")) -> int | None:
    """Bytes that this process may still take of the limits of its groups; None without a limit."""
    left = [max(0, limit - held) for held, limit in _groups(root)]
    return min(left) if left else None


def _groups(root: Path) -> Iterator[tuple[int, int]]:
    """What is held and what is allowed in each limited group that this process is in, the outer ones too."""
    tops: tuple[Path, ...]
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        kinds, _, path = rest.partition(":")
        if number == "0" and not kinds:
            tops, names = (root / "sys/fs/cgroup", root / "sys/fs/cgroup/unified"), V2
        elif "memory" in kinds.split(","):
            tops, names = (root / "sys/fs/cgroup/memory",), V1
        else:
            continue
        inside = Path(path.lstrip("/"))
        for top in tops:
            for group in (inside, *inside.parents):  # in a container its own group may be mounted as the outermost
                limit = _number(top / group / names.limit)
                if limit and limit < UNLIMITED:
                    droppable = re.search(rf"^{names.droppable} (\d+)", _text(top / group / "memory.stat"), re.M)
                    used = _number(top / group / names.used) - (int(droppable[1]) if droppable else 0)
                    yield used, limit


def _number(path: Path) -> int:
    text = _text(path).strip()
    return int(text) if text.isdigit() else 0  # “max”, or no such file


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""
