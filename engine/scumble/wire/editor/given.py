"""Pictures that were dropped on a dialog, or pasted: as files, which can be styles."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Iterable
from urllib.parse import urlparse
from urllib.request import url2pathname

from ..engine.folders import data_folder
from ..protocol.errors import ScumbleError
from ..protocol.paths import native
from .styles.chooser import PATTERNS

FOLDER = "pasted"
KEPT = 40  # pictures that were pasted


def picture_among(urls: Iterable[str]) -> str:
    """The path of the first picture file among URLs that were dropped; empty where there is none."""
    endings = tuple(p.lstrip("*") for p in PATTERNS)
    for url in urls:
        parts = urlparse(url.strip())
        path = url2pathname(parts.path) if parts.scheme == "file" else ""
        if path.lower().endswith(endings) and os.path.isfile(native(path)):
            return path
    return ""


def keep_pasted(png: bytes) -> str:
    """The path of a picture that was pasted, kept with the user's data; the oldest go. Raises `file-write`."""
    folder = data_folder() / FOLDER
    path = folder / f"{hashlib.sha256(png).hexdigest()[:12]}.png"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(png)
        for old in sorted(folder.glob("*.png"), key=_age)[KEPT:]:
            old.unlink()
    except OSError as e:
        raise ScumbleError("file-write", name=str(path), reason=e.strerror or str(e)) from e
    return str(path)


def _age(path: Path) -> float:
    return -path.stat().st_mtime
