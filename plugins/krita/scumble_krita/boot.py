"""The plug-in's start. Where it cannot run it says why, in an entry of the Filter menu, instead of failing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from krita import Extension, Krita

PYTHON, KRITA = (3, 8), (5, 0)
HERE = Path(__file__).parent
DAMAGED = (
    "This copy of Scumble is incomplete or damaged. "
    "Please install it again with install.py, or import the plug-in's zip file."
)


def obstacle() -> str:
    """What keeps the plug-in from running, and what to do; empty where nothing does."""
    if sys.version_info[:2] < PYTHON:
        return "Scumble needs a Krita with Python 3.8 or newer. Please update Krita."
    if _krita_version() < KRITA:
        return "Scumble needs Krita 5.0 or newer. Please update Krita."
    if not (HERE / "wire" / "__init__.py").is_file():
        return DAMAGED
    return ""


def boot() -> None:
    """Register with Krita."""
    found = obstacle()
    application = Krita.instance()
    if found:
        print(f"Scumble: {found}", file=sys.stderr)
        return application.addExtension(Excuse(application, found))
    try:
        from .extension import ScumbleExtension

        application.addExtension(ScumbleExtension(application))
    except Exception as e:
        _note(e)
        return application.addExtension(Excuse(application, DAMAGED))
    _add_docker(application)


def _add_docker(application: Any) -> None:
    """The docker; without it the menu entries work all the same."""
    try:
        from krita import DockWidgetFactory, DockWidgetFactoryBase

        from .docker.docker import ScumbleDocker

        place = DockWidgetFactoryBase.DockPosition.DockRight
        application.addDockWidgetFactory(DockWidgetFactory("scumble_docker", place, ScumbleDocker))
    except Exception as e:
        _note(e)


def _note(error: BaseException) -> None:
    """Into the log, else to Krita's."""
    try:
        from .log import logger, start_log
    except ImportError:
        return print(f"Scumble: {error}", file=sys.stderr)
    start_log()
    logger.error("at the start: %s: %s", type(error).__name__, error, exc_info=error)


def _krita_version() -> Any:
    numbers = Krita.instance().version().replace("-", ".").split(".")[:2]
    return tuple(int(n) if n.isdigit() else 0 for n in numbers)


class Excuse(Extension):
    """An entry of the Filter menu that only says why the plug-in cannot run."""

    def __init__(self, parent: Any, reason: str) -> None:
        super().__init__(parent)
        self.reason = reason
        self.action: Any = None

    def setup(self) -> None:
        """Nothing to do."""

    def createActions(self, window: Any) -> None:
        """A window of Krita is being made."""
        self.action = window.createAction("scumble_obstacle", "Scumble: Why It Does Not Run…", "filter")
        self.action.triggered.connect(lambda *_: self.explain())

    def explain(self) -> None:
        """Show the reason."""
        from .qt import QMessageBox

        box = QMessageBox(QMessageBox.Icon.Information, "Scumble", self.reason)
        box.setModal(False)
        box.show()
        self.box = box
