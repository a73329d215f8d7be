"""What the plug-in says, in GIMP's language."""

from __future__ import annotations

from pathlib import Path

from .gimplib import GLib
from .log import log_path
from .wire.words import translation as words
from .wire.words.translation import add_catalog, tr, use_language

__all__ = ["explain", "gimp_language", "speak", "tr"]

WORDS = Path(__file__).parent / "words"


def gimp_language() -> str:
    """The language GIMP shows, such as “zh_CN”. The one chosen in GIMP comes to us in the environment."""
    names = list(GLib.get_language_names())
    return str(names[0]) if names else ""


def speak(language: str = "") -> None:
    """Say everything in `language`, else in GIMP's; with this plug-in's own words."""
    add_catalog(WORDS)
    use_language(language or gimp_language())


def explain(error: BaseException) -> str:
    """What went wrong and what to do about it, for a person."""
    return words.explain(error, log_path())
