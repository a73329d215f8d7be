"""What the dialog remembers between two times, in Krita's own settings: files used as styles, its size."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List

GROUP = "scumble"
FILES = 24

_here: Dict[str, str] = {}  # where there is no Krita


def read(name: str) -> str:
    """A setting; empty where there is none."""
    krita = _krita()
    return str(krita.readSetting(GROUP, name, "")) if krita is not None else _here.get(name, "")


def write(name: str, value: str) -> None:
    """Keep a setting."""
    krita = _krita()
    if krita is None:
        _here[name] = value
    else:
        krita.writeSetting(GROUP, name, value)


def files() -> List[str]:
    """Pictures that were used as styles and are still there, the last one first."""
    try:
        paths = json.loads(read("files") or "[]")
    except ValueError:
        return []
    return [p for p in paths if isinstance(p, str) and os.path.isfile(p)] if isinstance(paths, list) else []


def add_file(path: str) -> None:
    """A picture was used as style."""
    path = os.path.abspath(path)
    write("files", json.dumps([path, *(p for p in files() if p != path)][:FILES]))


def _krita() -> Any:
    try:
        from krita import Krita
    except ImportError:
        return None
    return Krita.instance()
