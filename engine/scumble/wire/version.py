"""The version of this code, which is the package's; a plug-in that carries a copy has it too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Tuple

VERSION = "0.1.0"


def newer(version: str, other: str) -> bool:
    """Whether `version` is newer than `other`; no when one of them cannot be understood."""
    a, b = _order(version), _order(other)
    return bool(a and b) and a > b


def version_on_disk(file: Path = Path(__file__)) -> str:
    """The version that lies here now: perhaps replaced since this was loaded. Empty while it cannot be read."""
    try:
        found = re.search(r'^VERSION = "([^"]+)"', file.read_text("utf-8"), re.MULTILINE)
    except (OSError, ValueError):
        return ""
    return found.group(1) if found else ""


def _order(version: str) -> Tuple[object, ...]:
    """What sorts versions: their numbers; “0.2.0rc1” comes before “0.2.0”. Empty for what is not a version."""
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9}){0,5})(?!\d)(.{0,20})", version)
    if found is None:
        return ()
    numbers = [int(n) for n in found.group(1).split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return (numbers, not found.group(2), found.group(2))
