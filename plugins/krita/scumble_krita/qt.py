"""The one place that knows which Qt this Krita has: PyQt5 in Krita 5, PyQt6 in Krita 6.

Whatever QtCore, QtGui and QtWidgets hold is imported from here by its name, `QAction` too, which changed its module.
Enumerations are written with their scope (`Qt.AlignmentFlag.AlignLeft`), which both understand.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any


def qt_major() -> int:
    """5 or 6: Krita's own; outside Krita `$SCUMBLE_QT`, else the one that is loaded or found.

    Krita is asked and never tried out: importing the wrong binding into it ends it, or raises.
    """
    pykrita = _module("pykrita")
    if pykrita is not None:
        ask = getattr(pykrita, "qt_major_version", None)
        return int(ask()) if ask is not None else 5  # Krita before 5.3 does not say
    given = os.environ.get("SCUMBLE_QT", "")
    if given in ("5", "6"):
        return int(given)
    if "PyQt6" in sys.modules or (_spec("PyQt5") is None and _spec("PyQt6") is not None):
        return 6
    return 5


def _module(name: str) -> Any:
    """A module, or None: `pykrita` is built into Krita and into nothing else."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _spec(name: str) -> Any:
    from importlib.util import find_spec

    return find_spec(name)


MAJOR = qt_major()
QtCore: Any = importlib.import_module(f"PyQt{MAJOR}.QtCore")
QtGui: Any = importlib.import_module(f"PyQt{MAJOR}.QtGui")
QtWidgets: Any = importlib.import_module(f"PyQt{MAJOR}.QtWidgets")
Signal: Any = QtCore.pyqtSignal


def __getattr__(name: str) -> Any:
    """A class of Qt by its name, wherever this Qt keeps it."""
    for module in (QtCore, QtGui, QtWidgets):
        found = getattr(module, name, None)
        if found is not None:
            globals()[name] = found
            return found
    raise AttributeError(f"PyQt{MAJOR} has no {name}")


def exec_(thing: Any, *args: Any) -> Any:
    """Run a dialog's, a menu's or a drag's own loop; what it returns."""
    run = getattr(thing, "exec", None) or thing.exec_
    return run(*args)


def png_of(image: Any) -> bytes:
    """A QImage as a PNG file; empty where there is none."""
    data = QtCore.QByteArray()
    buffer = QtCore.QBuffer(data)
    buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    return bytes(data) if image is not None and image.save(buffer, "PNG") else b""


def image_of(data: bytes, width: int, height: int, channels: int) -> Any:
    """A QImage of its own memory from tightly packed 8-bit RGB or RGBA. Raises ValueError where the length is wrong."""
    if len(data) != width * height * channels or channels not in (3, 4):
        raise ValueError(f"{len(data)} bytes are no {width}×{height}×{channels} picture")
    form = QtGui.QImage.Format.Format_RGB888 if channels == 3 else QtGui.QImage.Format.Format_RGBA8888
    return QtGui.QImage(data, width, height, width * channels, form).copy()
