"""The manual that a plug-in carries, shown by F1 and a button."""

from __future__ import annotations

from pathlib import Path
from typing import Tuple

from ..words.translation import tr

NAME = "Manual.html"


def manual_words() -> Tuple[str, str]:
    """The button that shows it, and its help."""
    return tr("Help"), tr("Show the manual in your browser (F1).")


def not_shown(manual: Path) -> str:
    """What is said where no browser shows it."""
    return tr("No browser opened. The manual is {path}").format(path=manual)
