"""What the dialog remembers between two times, in Krita's own settings: files used as styles, its size."""

from __future__ import annotations

import json
from typing import Any, Dict, List

from ..wire.editor.chooser import files_there, files_with

GROUP = "scumble"

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
        return files_there(json.loads(read("files") or "[]"))
    except ValueError:
        return []


def add_file(path: str) -> None:
    """A picture was used as style."""
    write("files", json.dumps(files_with(path, files())))


def _krita() -> Any:
    try:
        from krita import Krita
    except ImportError:
        return None
    return Krita.instance()
