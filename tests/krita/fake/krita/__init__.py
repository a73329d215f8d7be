"""A stand-in for Krita's own module, so that the plug-in's logic runs where no Krita is.

It keeps to what the real one was seen to do; tests/krita/test_fake_is_true.py asks both the same and compares.
What Krita does not have: `Krita.reset(version)`, `Krita.instance().turn()` and `.undo_steps()`, `Window.messages`.
With SCUMBLE_QT=5 or 6 it uses that Qt's types (QByteArray, QRect, QObject); without, plain ones.
"""

from __future__ import annotations

from .application import (
    Action,
    DockWidget,
    DockWidgetFactory,
    DockWidgetFactoryBase,
    Extension,
    InfoObject,
    Krita,
    Notifier,
    View,
    Window,
)
from .documents import Document
from .nodes import Node
from .selections import Selection

__all__ = [
    "Action",
    "DockWidget",
    "DockWidgetFactory",
    "DockWidgetFactoryBase",
    "Document",
    "Extension",
    "InfoObject",
    "Krita",
    "Node",
    "Notifier",
    "Selection",
    "View",
    "Window",
]
