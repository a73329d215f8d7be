"""Where a new layer would go: the active document and layer, without reading any pixels."""

from __future__ import annotations

from typing import Any

from ..wire.protocol.pixels import PixelFormat
from ..wire.request.geometry import Box
from ..wire.request.sources import Pixels
from .colorspaces import space_of
from .document import Source
from .nodes import active_document, active_layer

NOTHING = Pixels(PixelFormat(1, 1, 4), b"")


def active_place() -> Any:
    """The place as a `document.Source` of no pixels. Raises `document-missing`, `layer-missing`."""
    document = active_document()
    size = (document.width(), document.height())
    return Source(document, active_layer(document), size, Box(0, 0, *size), NOTHING, None, *space_of(document))
