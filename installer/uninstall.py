"""Takes Scumble away, but for what the user made."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import List

from . import commands
from .disk import Disk
from .editors.search import Profile, Sandbox
from .lock import LOCK
from .sources import NAME as SOURCES
from .system import System
from .venvs import interpreter

ENGINE, COMMAND = "engine", "engine-command.json"
OURS = (ENGINE, COMMAND, SOURCES, "weights", "last-*.json", "picks.json", "*.scumble-part", f".{ENGINE}.scumble-old")
# Keys and the choice of an engine are made by commands of the user's. Without them, those whom he let in would find
# themselves locked out after the next installation; they are secrets, but readable by him alone.
KEPT = {
    "styles": "styles you trained",
    "training": "trainings",
    "pictures": "your pictures of shipped styles",
    "presets": "presets",
    "keys": "keys of the machines you let in; secret",
    "remote.json": "the engine you chose on another machine, with its key; secret",
}


def remove_engine(system: System, disk: Disk) -> None:
    """Remove the engine, what was downloaded, caches and logs; an engine that runs is ended. Raises `OSError`."""
    data = system.own("data")
    python = interpreter(data / ENGINE)
    if python.is_file():
        disk.note("end the engine, if it runs")
        if not disk.dry:
            commands.run_quietly([str(python), "-m", "scumble", "stop", "--now"])
    _remove_ours(data, disk)
    for folder in (system.own("cache"), system.own("logs"), system.runtime()):
        disk.remove(folder)


def remove_own_folder(system: System, disk: Disk) -> None:
    """Remove the data folder where nothing is left in it: the last step, since the lock was in it. Raises `OSError`."""
    data = system.own("data")
    disk.remove_empty(data)
    if system.windows:  # all of ours lie in one folder
        disk.remove_empty(data.parent)


def remove_from_sandbox(box: Sandbox, disk: Disk) -> None:
    """Remove what we and the plug-in left in an editor's sandbox. Raises `OSError`."""
    _remove_ours(box.data, disk)
    for folder in (box.cache, box.logs):
        disk.remove(folder)


def _remove_ours(data: Path, disk: Disk) -> None:
    for pattern in OURS:
        for path in sorted(data.glob(pattern)):
            disk.remove(path)
    for name in ("keys/clients", *KEPT):
        disk.remove_empty(data / name)
    disk.remove_empty(data)


def left(folders: List[Path], disk: Disk) -> List[str]:
    """What stays in the data folders, in words, a line each."""
    found = []
    for folder in folders:
        with suppress(FileNotFoundError, NotADirectoryError):
            names = sorted(os.listdir(folder))
            found += [_in_words(folder / n) for n in names if not (n == LOCK or (disk.dry and _is_ours(folder / n)))]
    return found


def _in_words(path: Path) -> str:
    what = KEPT.get(path.name)
    return f"{path}  ({what})" if what else str(path)


def _is_ours(path: Path) -> bool:
    return any(path.match(pattern) for pattern in OURS) or (path.is_dir() and not any(path.iterdir()))


def in_vain(profiles: List[Profile]) -> str:
    """What to say where no plug-in was found."""
    places = ", ".join(str(p.plugins) for p in profiles)
    return f"No plug-in was found in {places}." if places else "No profile of Krita or GIMP was found."
