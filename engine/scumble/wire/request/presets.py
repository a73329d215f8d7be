"""Presets: recipes under names, kept as JSON files in the data folder; and the recipe that was used last.

A file holds its preset's name; the file's own name is a safe likeness of it. `scumble stylize --save-preset` wrote a
request instead of a recipe once, which is read too, under its file's name.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import unicodedata
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

from ..engine.folders import data_folder
from ..protocol.errors import ScumbleError
from ..protocol.paths import native, readable
from .recipe import Recipe
from .request import Request
from .style import numbers_of
from .stylechoice import StyleChoice, source_of

ENDING = ".json"
MAX_NAME = 100  # characters
MAX_FILE = 1 << 20  # bytes


def list_presets() -> List[str]:
    """The names of all presets that can be read, in the order of an alphabet. Raises `folder-unsafe`, `file-write`."""
    names = {name for _, name, _ in _found()}
    return sorted(names, key=lambda n: (n.casefold(), n))


def load_preset(name: str) -> Recipe:
    """A preset's recipe. Raises `preset-missing`, `preset-unreadable`, `recipe-newer`, `option-…`."""
    own = _path(name)
    if own.exists():
        return _recipe(read_plain(own, name))
    for _, found, plain in _found():
        if found == _tidy(name):
            return _recipe(plain)
    raise ScumbleError("preset-missing", name=name)


def save_preset(name: str, recipe: Recipe) -> None:
    """Keep a recipe under a name, in place of what had it. Raises `preset-name`, `file-write`."""
    path = _path(name)
    write_plain(path, {"name": _tidy(name), "recipe": recipe.to_plain()})
    _remove_others(path, _tidy(name))


def read_preset(path: Path) -> Recipe:
    """The recipe in a file of the user's own; pictures of styles may lie beside it.

    Raises `file-missing` and as `load_preset`.
    """
    with suppress(OSError, ValueError):  # what cannot be a path is told of below
        if not path.exists():
            raise ScumbleError("file-missing", name=path)
    recipe = _recipe(read_plain(path, str(path)))
    return replace(recipe, styles=tuple(_beside(s, path.parent) for s in recipe.styles))


def write_preset(path: Path, name: str, recipe: Recipe) -> None:
    """Write a recipe to a file of the user's own. Raises `file-write`."""
    if not path.parent.is_dir():
        raise ScumbleError("file-write", name=path, reason="there is no such folder")
    write_plain(path, {"name": name, "recipe": recipe.to_plain()})


def remove_preset(name: str) -> None:
    """Remove a preset, also a damaged one. Raises `preset-missing`, `file-write`."""
    own = _path(name)
    if not (_remove_others(None, _tidy(name)) or own.exists()):
        raise ScumbleError("preset-missing", name=name)
    _remove(own)


def load_last(editor: str) -> Optional[Recipe]:
    """The recipe that was used last in an editor; None where none can be read."""
    try:
        return _recipe(read_plain(_last(editor), editor))
    except ScumbleError:
        return None


def save_last(editor: str, recipe: Recipe) -> None:
    """Keep the recipe for `load_last`. Where it cannot be kept, nothing happens: no run may fail for that."""
    with suppress(ScumbleError):
        write_plain(_last(editor), {"recipe": recipe.to_plain()})


def _folder() -> Path:
    return data_folder() / "presets"


def _last(editor: str) -> Path:
    return data_folder() / f"last-{_slug(editor)}{ENDING}"


def _tidy(name: str) -> str:
    """The name without what cannot be seen. Raises `preset-name`."""
    composed = unicodedata.normalize("NFC", name)
    tidy = " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in composed).split())
    if not 0 < len(tidy) <= MAX_NAME:
        raise ScumbleError("preset-name", name=tidy[:MAX_NAME])
    return tidy


def _path(name: str) -> Path:
    """A file name that every file system can hold, and tells “Sky” from “sky” where the system does not."""
    tidy = _tidy(name)
    digest = hashlib.sha256(tidy.encode()).hexdigest()[:8]
    return _folder() / f"{_slug(tidy)}-{digest}{ENDING}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "preset"


def _found() -> Iterator[Tuple[Path, str, Dict[str, Any]]]:
    """Path, name and content of each preset; files that are not presets are left out."""
    try:
        paths = sorted(p for p in _folder().iterdir() if p.suffix == ENDING)
    except OSError:
        return
    for path in paths:
        try:
            plain = read_plain(path, path.name)
            yield path, _tidy(str(plain.get("name", path.stem))), plain
        except ScumbleError:
            continue


def read_plain(path: Path, name: str) -> Dict[str, Any]:
    """A file's dictionary. Raises `preset-unreadable`."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
        plain = json.loads(data.decode("utf-8")) if len(data) <= MAX_FILE else None
    except OSError as e:
        raise ScumbleError("preset-unreadable", name=name, reason=e.strerror or str(e)) from e
    except (ValueError, RecursionError) as e:
        raise ScumbleError("preset-unreadable", name=name, reason="the file is damaged") from e
    if not isinstance(plain, dict):
        raise ScumbleError("preset-unreadable", name=name, reason="the file is damaged")
    return plain


def _recipe(plain: Dict[str, Any]) -> Recipe:
    if "recipe" in plain:
        return Recipe.from_plain(plain["recipe"])
    request = Request.from_plain(plain)
    options = {k: v for k, v in request.to_plain().items() if k not in ("styles", "canvas", "content", "selection")}
    return Recipe(options, tuple(StyleChoice(source_of(s.name), s.name, **numbers_of(s)) for s in request.styles))


def _beside(style: StyleChoice, folder: Path) -> StyleChoice:
    """The style with its files' paths from here, where they lie beside their preset."""
    name = _path_beside(style.name, folder) if style.source == "file" else style.name
    part = _path_beside(style.part_name, folder) if style.part == "file" else style.part_name
    return replace(style, name=name, part_name=part)


def _path_beside(name: str, folder: Path) -> str:
    with suppress(OSError, ValueError):
        beside = folder / native(name)
        if not Path(native(name)).is_file() and beside.is_file():
            return readable(beside)
    return name


def write_plain(path: Path, plain: Dict[str, Any]) -> None:
    """Write a file that only the user can read; whole or not at all. Raises `file-write`."""
    part = ""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(".part", ".scumble-", path.parent)  # mode 600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(plain, file, indent=2)  # in ASCII: paths need not be valid Unicode
        os.replace(part, path)
    except OSError as e:
        if part:
            _remove(Path(part))
        raise ScumbleError("file-write", name=path, reason=e.strerror or str(e)) from e


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as e:
        raise ScumbleError("file-write", name=path, reason=e.strerror or str(e)) from e


def _remove_others(kept: Optional[Path], name: str) -> bool:
    """Remove every other file of a preset's name; whether there was one."""
    others = [path for path, found, _ in _found() if found == name and path != kept]
    for path in others:
        _remove(path)
    return bool(others)
