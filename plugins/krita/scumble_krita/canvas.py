"""Krita's own window: messages over the canvas, the window that dialogs belong to, and where a layer would go."""

from __future__ import annotations

from typing import Any

from krita import Krita

from .qt import QIcon

SHOWN_MS = 8000
PRIORITY = 1  # of Krita's floating messages: 0 high, 1 medium, 2 low


def main_window() -> Any:
    """The window of Krita that is in use, as a widget; None where there is none."""
    window = Krita.instance().activeWindow()
    return window.qwindow() if window is not None else None


def show_on_canvas(text: str) -> None:
    """Show a message over the canvas for some seconds; nothing where no picture is open."""
    window = Krita.instance().activeWindow()
    view = window.activeView() if window is not None else None
    if view is not None and view.document() is not None:
        view.showFloatingMessage(text, QIcon(), SHOWN_MS, PRIORITY)
