"""What the dialog remembers between two times, in Krita's own settings: its size."""

from __future__ import annotations

from typing import Any, Dict

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


def _krita() -> Any:
    try:
        from krita import Krita
    except ImportError:
        return None
    return Krita.instance()
