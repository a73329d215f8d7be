"""Styles that a person likes and used last, kept in the user's data folder: the same in every editor."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, Dict, Iterable, List

from ...engine.folders import data_folder
from ...protocol.errors import ScumbleError
from ...request.presets import read_plain, write_plain
from ...request.stylechoice import StyleChoice
from .chooser import files_there

RECENT = 24  # that are remembered
KEPT = ("library", "file")  # layers belong to one picture


def favourites() -> List[StyleChoice]:
    """The styles that were marked, the last one first."""
    return _choices("favourites")


def mark(choice: StyleChoice, liked: bool) -> None:
    """Mark a style as a favourite, or no more. Where it cannot be kept nothing happens."""
    others = [c for c in favourites() if not c.is_same_style(choice)]
    _keep("favourites", [choice, *others] if liked else others)


def recent() -> List[StyleChoice]:
    """The styles that were used last, the last one first; files that are gone are left out."""
    return _choices("recent")


def use(choices: Iterable[StyleChoice]) -> None:
    """These were used. Where it cannot be kept nothing happens: no run may fail for that."""
    used = [c for c in choices if c.source in KEPT and c.weight > 0]
    others = [c for c in recent() if not any(c.is_same_style(u) for u in used)]
    _keep("recent", [*used, *others][:RECENT])


def files() -> List[str]:
    """Pictures that were used as styles and are still there, the last one first."""
    return [c.name for c in recent() if c.source == "file"]


def _path() -> Path:
    return data_folder() / "picks.json"


def _read() -> Dict[str, Any]:
    try:
        return read_plain(_path(), "picks")
    except ScumbleError:
        return {}


def _choices(key: str) -> List[StyleChoice]:
    kept = _read().get(key)
    plain = [p for p in kept if isinstance(p, dict)] if isinstance(kept, list) else []
    found = [StyleChoice(str(p.get("source")), str(p.get("name"))) for p in plain]
    there = set(files_there([c.name for c in found if c.source == "file"]))
    return [c for c in found if c.source == "library" or (c.source == "file" and c.name in there)]


def _keep(key: str, choices: Iterable[StyleChoice]) -> None:
    plain = [{"source": c.source, "name": c.name} for c in choices if c.source in KEPT]
    with suppress(ScumbleError):
        write_plain(_path(), {**_read(), key: plain})
