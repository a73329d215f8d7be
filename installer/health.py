"""Whether the packages in an environment are whole, by the lists that pip leaves with them.

An installation that was killed leaves packages that pip takes for installed; those, and what somebody deleted, are
found here and made anew.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import List

NEEDED = ("pip",)  # without them an environment cannot be mended


def site_packages(environment: Path) -> Path:
    """Where an environment keeps its packages."""
    found = sorted((environment / "lib").glob("python3*/site-packages"))
    return found[0] if found else environment / "Lib" / "site-packages"


def damaged(packages: Path) -> List[Path]:
    """The records (…dist-info) of packages that are not whole, and what pip puts aside while it works."""
    records = [path for path in sorted(packages.glob("*.dist-info")) if not _is_whole(path, packages)]
    return records + sorted(packages.glob("~*"))


def can_be_mended(packages: Path) -> bool:
    """Whether what mends an environment is whole in it. What is half unpacked has no record yet, and may load."""
    records = [path for name in NEEDED for path in packages.glob(f"{name}-*.dist-info")]
    return len(records) >= len(NEEDED) and all(_is_whole(path, packages) for path in records)


def name_of(record: Path) -> str:
    """A package's name, from its record's folder."""
    return record.name.partition("-")[0]


def _is_whole(record: Path, packages: Path) -> bool:
    """Whether each file is there with its size; what Python compiles may be missing."""
    try:
        with (record / "RECORD").open(encoding="utf-8", newline="") as file:
            return all(_is_there(packages, row) for row in csv.reader(file) if row)
    except (OSError, ValueError, csv.Error):
        return False


def _is_there(packages: Path, row: List[str]) -> bool:
    name, size = row[0], row[2] if len(row) > 2 else ""
    if name.endswith(".pyc"):
        return True
    try:
        found = os.stat(os.path.join(packages, name)).st_size
    except OSError:
        return False
    return not size or found == int(size)
