"""Where a new layer would go: the active document and layer, without reading any pixels."""

from __future__ import annotations

from typing import Any, Optional

from .colorspaces import space_of
from .document import Source
from .masks import selection_box
from .nodes import active_document, active_layer
from .wire.geometry import Box, context_box
from .wire.pixels import PixelFormat
from .wire.recipe import Pixels

NOTHING = Pixels(PixelFormat(1, 1, 4), b"")


def active_place(margin: Optional[float] = None) -> Any:
    """The place as a `document.Source` of no pixels, over the canvas or, with a margin, over the selection.

    Raises `document-missing`, `layer-missing`.
    """
    document = active_document()
    canvas = Box(0, 0, document.width(), document.height())
    box = canvas
    if margin is not None:
        box = context_box(selection_box(document) or canvas, canvas, margin) or canvas
    size = (canvas.width, canvas.height)
    return Source(document, active_layer(document), size, box, NOTHING, None, *space_of(document))
