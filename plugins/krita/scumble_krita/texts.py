"""What the plug-in says, in Krita's language."""

from __future__ import annotations

from pathlib import Path

from .log import log_path
from .qt import QLocale
from .wire.words import translation as words
from .wire.words.translation import add_catalog, tr, use_language

__all__ = ["explain", "krita_language", "speak", "tr"]

WORDS = Path(__file__).parent / "words"


def krita_language() -> str:
    """The language Krita shows, such as “zh_CN”: the one chosen in Krita, else the system's."""
    chosen, system = QLocale(), QLocale.system()
    if chosen.name() != system.name():
        return str(chosen.name())
    names = list(system.uiLanguages())
    return str(names[0]) if names else str(system.name())


def speak(language: str = "") -> None:
    """Say everything in `language`, else in Krita's; with this plug-in's own words."""
    add_catalog(WORDS)
    use_language(language or krita_language())


def explain(error: BaseException) -> str:
    """What went wrong and what to do about it, for a person."""
    return words.explain(error, log_path())
