"""A pip for an environment where Python has none to give: Debian and Ubuntu keep `ensurepip` in a package apart."""

from __future__ import annotations

import importlib.util
import re
import sys
import tempfile
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

from . import commands
from .speech import say
from .system import ROOT

SHELVES: Tuple[Path, ...] = (Path("/usr/share/python-wheels"),)  # where distributions keep pip for environments
WHEEL = re.compile(r"pip-(\d+)\.(\d+)[\d.]*-py3-none-any\.whl")


def has_ensurepip() -> bool:
    """Whether this Python can give an environment its pip; an empty folder of that name cannot."""
    spec = importlib.util.find_spec("ensurepip")
    return spec is not None and bool(spec.origin)


def give_pip(python: Path, offline: Optional[Path] = None) -> str:
    """Put a pip that this machine has into an environment without; empty, or the last words of what failed.

    It is a wheel from `offline` or from a shelf of the system's or, unless `offline` is given, one that the system's
    own pip fetches.
    """
    if _from_shelves(python, [offline] if offline else []) or _from_shelves(python, SHELVES):
        return ""
    none = "no pip was found on this machine"
    if offline or commands.run_quietly([sys.executable, "-m", "pip", "--version"]):
        return none
    say("Fetching pip for the environment.")
    with tempfile.TemporaryDirectory(prefix="scumble-pip-") as spare:
        words = ["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", spare, "pip"]
        code, output = commands.run_pip(Path(sys.executable), words, ROOT)
        return output or none if code or not _from_shelves(python, [Path(spare)]) else ""


def pip_wheels(folder: Path) -> List[Path]:
    """The wheels of pip in a folder, newest first."""
    found = {path: WHEEL.fullmatch(path.name) for path in folder.glob("pip-*.whl")}
    versions = {path: (int(m[1]), int(m[2])) for path, m in found.items() if m}
    return sorted(versions, key=lambda path: versions[path], reverse=True)


def _from_shelves(python: Path, folders: Sequence[Path]) -> bool:
    """Install the first wheel of pip that works here; a wheel of pip runs as a program."""
    words = ["--disable-pip-version-check", "--no-input", "install", "--quiet", "--no-index", "--no-deps"]
    wheels = [wheel for folder in folders for wheel in pip_wheels(folder)]
    return any(commands.run_quietly([str(python), str(w / "pip"), *words, str(w)], 300) == 0 for w in wheels)
