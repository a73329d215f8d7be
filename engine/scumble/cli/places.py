"""Which pictures are painted (files, folders, patterns), and where each painting goes.

`-` is stdin, and stdout.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ..picture import SUFFIXES, check_target
from ..wire.protocol.errors import ScumbleError

PIPE = "-"
FIELDS = re.compile(r"\{(name|number|suffix)\}")


class Place(NamedTuple):
    """A picture and where its painting goes."""

    source: str
    target: str


def is_one(pictures: Sequence[str]) -> bool:
    """Whether a single file is meant (or stdin), and no folder or pattern."""
    return len(pictures) == 1 and (pictures[0] == PIPE or not (_is_folder(pictures[0]) or _is_pattern(pictures[0])))


def goes_by_name(output: str | None) -> bool:
    """Whether a painting's name is made of the picture's: `output` is a folder, or has a field such as {name}."""
    return output is not None and (_is_folder(output) or output.endswith(("/", os.sep)) or bool(FIELDS.search(output)))


def find_pictures(pictures: Iterable[str]) -> list[str]:
    """The picture files that are meant, each once, by name; also those in folders, or that fit a pattern (`*.jpg`).

    Numbers in names count as numbers, so that frame 10 comes after frame 9. Raises `files-none`.
    """
    found: dict[str, None] = {}
    for given in pictures:
        if _is_folder(given):
            some = [e.path for e in os.scandir(given) if e.is_file() and Path(e.name).suffix.lower() in SUFFIXES]
        elif _is_pattern(given):
            some = [path for path in glob.glob(given, recursive=True) if Path(path).is_file()]
        else:
            some = [given]  # one that is not there fails by itself
        if not some:
            raise ScumbleError("files-none", name=given)
        found.update(dict.fromkeys(sorted(some, key=_by_numbers)))
    return list(found)


def places_for(sources: Sequence[str], output: str) -> list[Place]:
    """Where each painting goes: into a folder under its own name, or by a pattern with {name}, {number}, {suffix}.

    Raises `file-format`, `file-write`, `file-clash`, and `file-source` for a picture that would be written over.
    """
    if not goes_by_name(output):
        raise ScumbleError("file-clash", name=output, first=sources[0], second=sources[-1])
    pattern = output if FIELDS.search(output) else os.path.join(output, "{name}{suffix}")
    digits = len(str(len(sources)))
    places = [Place(s, _filled(pattern, s, f"{n:0{digits}d}")) for n, s in enumerate(sources, 1)]
    own = {os.path.realpath(p.source) for p in places}
    taken: dict[str, str] = {}
    for place in places:
        where = os.path.realpath(place.target)
        if where in own:
            raise ScumbleError("file-source", name=place.target)
        if where in taken:
            raise ScumbleError("file-clash", name=place.target, first=taken[where], second=place.source)
        taken[where] = place.source
    for parent in {str(Path(place.target).parent) for place in places}:
        _make_folder(parent)
    for place in places:
        check_target(place.target)
    return places


def _filled(pattern: str, source: str, number: str) -> str:
    path = Path(source)
    suffix = path.suffix if path.suffix.lower() in SUFFIXES else ".png"
    values = {"name": path.stem, "number": number, "suffix": suffix}
    return FIELDS.sub(lambda field: values[field[1]], pattern)


def _make_folder(folder: str) -> None:
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as e:
        raise ScumbleError("file-write", name=folder, reason=getattr(e, "strerror", None) or str(e)) from e


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def _is_pattern(path: str) -> bool:
    return glob.has_magic(path) and not os.path.exists(path)


def _by_numbers(path: str) -> list[tuple[int, str, int]]:
    parts = re.split(r"(\d+)", path)
    return [(1, "", int(p)) if p.isdigit() else (0, p.casefold(), 0) for p in parts]
