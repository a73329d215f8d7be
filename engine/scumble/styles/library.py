"""The style library: which named styles there are. Reads an index only; torch stays away."""

from __future__ import annotations

import difflib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..wire.errors import ScumbleError

CARDS = Path(__file__).parent / "cards"


@lru_cache(maxsize=1)
def _index() -> dict[str, Any]:
    index: dict[str, Any] = json.loads((CARDS / "index.json").read_text("utf-8"))
    return index


def list_styles() -> list[dict[str, Any]]:
    """The named styles as plain dictionaries: name, title, artist, year, licence, tags."""
    shown = ("title", "artist", "year", "licence", "tags")
    return [{"name": name, **{k: card[k] for k in shown}} for name, card in _index()["styles"].items()]


def find_style(name: str) -> dict[str, Any]:
    """The index entry of a named style, with its file and digest. Raises `style-unknown` with the nearest names."""
    styles = _index()["styles"]
    if name not in styles:
        near = difflib.get_close_matches(name, styles, n=3, cutoff=0.4)
        raise ScumbleError("style-unknown", name=name, known=", ".join(near or sorted(styles)))
    return {"name": name, "encoder": _index()["encoder"], **styles[name]}
