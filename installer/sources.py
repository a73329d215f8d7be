"""All that installing takes, as one zip file: plug-ins carry it, so that they can install the engine by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator, Tuple

from .disk import PLAIN, Content
from .system import ROOT

NAME = "scumble-sources.zip"
PARTS = ("pyproject.toml", "README.md", "LICENSE", "install.py", "installer", "plugins", "engine")


def source_files(root: Path = ROOT) -> Dict[str, Content]:
    """The files of `PARTS` by their names; links, hidden files and what Python compiled are left out."""
    return {name: Content(path.read_bytes(), PLAIN) for part in PARTS for name, path in _files(root / part, part)}


def _files(path: Path, name: str) -> Iterator[Tuple[str, Path]]:
    if path.is_symlink() or path.name.startswith(".") or path.name == "__pycache__" or path.suffix == ".pyc":
        return
    if path.is_dir():
        for inside in sorted(path.iterdir()):
            yield from _files(inside, f"{name}/{inside.name}")
    elif path.is_file():
        yield name, path
