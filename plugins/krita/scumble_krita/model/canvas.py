"""Krita's own window: messages over the canvas, the window that dialogs belong to, and where a layer would go."""

from __future__ import annotations

import textwrap
from typing import Any

from krita import Krita

from ..qt import QIcon

SHOWN_MS = 8000
LINE = 64  # characters
WIDE = 0x2E80  # characters from here on are twice as wide, and have no spaces between words
PRIORITY = 1  # of Krita's floating messages: 0 high, 1 medium, 2 low


def main_window() -> Any:
    """The window of Krita that is in use, as a widget; None where there is none."""
    window = Krita.instance().activeWindow()
    return window.qwindow() if window is not None else None


def open_document() -> Any:
    """The document in use; None where there is none."""
    return Krita.instance().activeDocument()


def show_on_canvas(text: str) -> None:
    """Show a message over the canvas for some seconds; nothing where no picture is open."""
    window = Krita.instance().activeWindow()
    view = window.activeView() if window is not None else None
    if view is not None and view.document() is not None:
        view.showFloatingMessage(wrapped(text), QIcon(), SHOWN_MS, PRIORITY)


def wrapped(text: str) -> str:
    """The text in lines: Krita's messages have as many as they are given, and may be wider than the canvas."""
    wide = any(ord(c) > WIDE for c in text)
    lines = textwrap.wrap(text, LINE // 2 if wide else LINE, break_long_words=wide, break_on_hyphens=False)
    return "\n".join(lines)
