"""The engine's library of styles: found by name or by title, and what was meant where there is none."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from ..wire.editor.link import Link
from ..wire.protocol.errors import ScumbleError
from ..wire.request.recipe import Recipe
from ..wire.request.stylechoice import StyleChoice
from .engine import ask

CLOSE = 5  # names that are told


def named(link: Link, recipe: Recipe, waiting: Optional[Callable[[], None]] = None) -> Recipe:
    """The recipe with each library style by its name. Raises `style-unknown`, and what `ask` raises.

    `waiting` is called while the engine starts.
    """
    if not any(s.source == "library" and s.weight > 0 for s in recipe.styles):
        return recipe
    entries = ask(link, "styles", waiting).get("styles", [])
    return replace(recipe, styles=tuple(_named(s, entries) for s in recipe.styles))


def _named(style: StyleChoice, entries: Sequence[Mapping[str, Any]]) -> StyleChoice:
    if style.source != "library" or style.weight <= 0:
        return style
    known: Dict[str, str] = {}  # folded names and titles to names; names win
    for entry in entries:
        known.setdefault(_folded(str(entry.get("title", ""))), str(entry.get("name")))
    known.update({_folded(str(e.get("name"))): str(e.get("name")) for e in entries})
    name = known.get(_folded(style.name))
    if name is None:
        raise ScumbleError("style-unknown", name=style.name, known=", ".join(_close(style.name, known)))
    return replace(style, name=name)


def _close(text: str, known: Mapping[str, str]) -> List[str]:
    """Names like `text`; all where there is none like it."""
    found = difflib.get_close_matches(_folded(text), list(known), CLOSE, 0.5)
    return list(dict.fromkeys(known[f] for f in found)) or sorted(set(known.values()))


def _folded(text: str) -> str:
    """Without case, “The ” and what stands between words."""
    plain = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return " ".join(plain[1:] if plain[:1] == ["the"] and len(plain) > 1 else plain)
