"""Where a new layer would go: the active document and layer, without reading any pixels."""

from __future__ import annotations

from typing import Any

from krita import Krita

from .document import Source
from .wire.errors import ScumbleError
from .wire.geometry import Box
from .wire.pixels import PixelFormat
from .wire.recipe import Pixels

NOTHING = Pixels(PixelFormat(1, 1, 4), b"")


def active_place() -> Any:
    """The place as a `document.Source` of no pixels. Raises `document-missing`, `layer-missing`."""
    document = Krita.instance().activeDocument()
    if document is None:
        raise ScumbleError("document-missing")
    node = document.activeNode()
    while node is not None and str(node.type()).endswith("mask") and node.parentNode() is not None:
        node = node.parentNode()
    if node is None:
        raise ScumbleError("layer-missing")
    canvas = (document.width(), document.height())
    model, depth, profile = document.colorModel(), document.colorDepth(), document.colorProfile()
    return Source(document, node, canvas, Box(0, 0, *canvas), NOTHING, None, model, depth, profile)
