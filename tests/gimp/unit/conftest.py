"""The plug-in's modules without GIMP: `gi` is a stand-in whose names are what they are asked for.

`plugin("guard")` gives a module. What a test needs of GIMP it puts in place itself.
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

PLUGIN = Path(__file__).parents[3] / "plugins/gimp/scumble"
LIBRARIES = ("Babl", "Gdk", "GdkPixbuf", "Gegl", "Gimp", "GimpUi", "Gio", "GLib", "GObject", "Gtk", "Pango")


class FakeError(Exception):
    """GLib.Error."""


def make_gi() -> types.ModuleType:
    gi, repository = types.ModuleType("gi"), types.ModuleType("gi.repository")
    gi.require_version = lambda name, version: None  # type: ignore[attr-defined]
    gi.repository = repository  # type: ignore[attr-defined]
    for name in LIBRARIES:
        setattr(repository, name, MagicMock(name=name))
    repository.GLib.Error = FakeError  # type: ignore[attr-defined]
    repository.GLib.get_language_names.return_value = ["en_US", "en", "C"]  # type: ignore[attr-defined]
    return gi


@pytest.fixture(scope="session")
def _fake_gi() -> Iterator[None]:
    """Put at the end of the path: `scumble.py` there is not the engine's package."""
    before = {name: module for name, module in sys.modules.items() if name.split(".")[0] in ("gi", "scumble_gimp")}
    for name in before:
        del sys.modules[name]
    gi = make_gi()
    sys.modules.update({"gi": gi, "gi.repository": gi.repository})
    sys.path.append(str(PLUGIN))
    yield
    sys.path.remove(str(PLUGIN))
    for name in [n for n in sys.modules if n.split(".")[0] in ("gi", "scumble_gimp")]:
        del sys.modules[name]
    sys.modules.update(before)


@pytest.fixture
def plugin(_fake_gi: None) -> Any:
    """A module of the plug-in by its name."""
    return lambda name: importlib.import_module(f"scumble_gimp.{name}")
