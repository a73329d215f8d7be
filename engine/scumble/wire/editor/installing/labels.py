"""What the window in which the engine is installed says, in both editors."""

from __future__ import annotations

import sys
from typing import NamedTuple

from ...words.translation import tr


class Labels(NamedTuple):
    """Labels, and what is said of them."""

    open: str  # the button where the engine is missing
    open_help: str
    window: str
    install: str
    again: str
    cancel: str
    close: str
    looking: str
    about: str
    cancelling: str
    cancelled: str
    done: str
    log: str
    no_python: str
    no_sources: str
    sandbox: str


def labels() -> Labels:
    """In the language that is spoken now."""
    return Labels(
        open=tr("Install the engine…"),
        open_help=tr("Bring what paints onto this machine; you need not leave the editor."),
        window=tr("Scumble: Install the Engine"),
        install=tr("Install"),
        again=tr("Try Again"),
        cancel=tr("Cancel"),
        close=tr("Close"),
        looking=tr("Looking for a Python on this machine…"),
        about=tr(
            "The engine is installed into {folder}, by {python}. It takes some minutes, a network, and up to 6 GB of "
            "disk. You can go on working meanwhile."
        ),
        cancelling=tr("Stopping…"),
        cancelled=tr("Stopped. What was brought so far is gone on with the next time."),
        done=tr("The engine is installed."),
        log=tr("All that was said is in {path}"),
        no_python=_no_python(),
        no_sources=tr("This plug-in does not carry the engine. Get Scumble’s folder, and run in it: python install.py"),
        sandbox=tr(
            "This editor runs in a sandbox and may install nothing. Get Scumble’s folder, and run in a terminal: "
            "python3 install.py"
        ),
    )


def _no_python() -> str:
    if sys.platform == "linux":
        return tr(
            "No Python that could install it was found. Install Python 3.10 or later (on Debian and Ubuntu: sudo apt "
            "install python3 python3-venv), then open this window again."
        )
    return tr(
        "No Python that could install it was found. Install a 64-bit Python 3.10 or later from python.org, then open "
        "this window again."
    )
