"""The plug-in's modules outside Krita: with the Qt of this Python, without a screen, and a fake `krita`."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PLUGIN = Path(__file__).parents[3] / "plugins" / "krita"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


class Notifier:
    def setActive(self, active: bool) -> None:
        pass


class FakeKrita:
    """What the plug-in asks of Krita at its start."""

    _instance = None

    def __init__(self) -> None:
        self.extensions: list[Any] = []
        self.dockers: list[Any] = []

    @classmethod
    def instance(cls) -> FakeKrita:
        cls._instance = cls._instance or cls()
        return cls._instance

    def version(self) -> str:
        return "5.1.5"

    def addExtension(self, extension: Any) -> None:
        self.extensions.append(extension)

    def addDockWidgetFactory(self, factory: Any) -> None:
        self.dockers.append(factory)

    def activeWindow(self) -> None:
        return None

    def activeDocument(self) -> None:
        return None

    def documents(self) -> list[Any]:
        return []

    def notifier(self) -> Notifier:
        return Notifier()


def plugin_module(name: str) -> Any:
    """A module of the plug-in by name, such as “guard”; skips where this Python has no Qt."""
    pytest.importorskip("PyQt5" if os.environ.get("SCUMBLE_QT", "5") == "5" else "PyQt6")
    if "krita" not in sys.modules:
        _install_fake()
    if str(PLUGIN) not in sys.path:
        sys.path.insert(0, str(PLUGIN))
    return importlib.import_module(f"scumble_krita.{name}")


def _install_fake() -> None:
    """A `krita` that holds just enough."""
    fake: Any = ModuleType("krita")

    class Extension:
        def __init__(self, parent: Any = None) -> None:
            self.parent = parent

    fake.Krita, fake.Extension = FakeKrita, Extension
    sys.modules["krita"] = fake
