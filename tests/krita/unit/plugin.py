"""The plug-in's modules outside Krita, for tests that need its Qt from the first line on."""

from __future__ import annotations

import importlib
import os
from typing import Any

from ...editors.needs import require


def plugin_module(name: str) -> Any:
    """A module of the plug-in by name, such as “guard”. Skips the whole file where there is no Qt; see conftest.py."""
    if not os.environ.get("SCUMBLE_QT"):
        require("neither PyQt6 nor PyQt5 imports here")
    return importlib.import_module(f"scumble_krita.{name}")
