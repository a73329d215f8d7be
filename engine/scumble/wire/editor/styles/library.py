"""The engine's library of styles, as an editor shows it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Dict, Iterable, List, Mapping, Tuple


@dataclass(frozen=True)
class StyleEntry:
    """A style of the library. `thumbnail` holds a JPEG of what it paints, or nothing.

    `picture` is the file of what it paints like, on the engine's machine; or empty.
    """

    name: str
    title: str
    artist: str = ""
    year: str = ""
    own: bool = False
    tags: Tuple[str, ...] = ()
    thumbnail: bytes = b""
    picture: str = ""


def styles_in(answer: Mapping[str, object]) -> List[StyleEntry]:
    """The styles that the engine's answer to “styles” tells of; entries that are not styles are left out."""
    styles = answer.get("styles")
    return [_entry(s) for s in styles if isinstance(s, dict)] if isinstance(styles, (list, tuple)) else []


def titles_of(styles: Iterable[StyleEntry]) -> Dict[str, str]:
    """Titles by name."""
    return {s.name: s.title for s in styles}


def _entry(plain: Mapping[str, object]) -> StyleEntry:
    name, year, tags = str(plain.get("name", "")), plain.get("year"), plain.get("tags")
    return StyleEntry(
        name=name,
        title=str(plain.get("title") or name),
        artist=str(plain.get("artist") or ""),
        year="" if year is None else str(year),
        own=plain.get("own") is True,
        tags=tuple(map(str, tags)) if isinstance(tags, (list, tuple)) else (),
        thumbnail=_picture(plain.get("thumbnail")),
        picture=str(plain.get("picture") or ""),
    )


def _picture(value: object) -> bytes:
    """A thumbnail's bytes; a text is base64."""
    if isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except ValueError:
            return b""
    return bytes(value) if isinstance(value, (bytes, bytearray, memoryview)) else b""
