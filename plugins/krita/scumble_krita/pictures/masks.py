"""Selections and masks as one channel of 8 bits. The user's selection is read and never touched: it is live."""

from __future__ import annotations

from typing import Any, Optional

from ..wire.protocol.pixels import PixelFormat
from ..wire.request.geometry import Box
from ..wire.request.sources import Pixels
from .nodes import MASKS
from .scaling import Thin


def selection_box(selection: Any) -> Optional[Box]:
    """The bounds of what is selected, which may lie beyond the canvas; None where nothing is, or for no selection."""
    if selection is None:
        return None
    return Box(selection.x(), selection.y(), selection.width(), selection.height()) or None


def read_selection(document: Any, box: Box, thin: Optional[Thin], selection: Any) -> Optional[Pixels]:
    """How much of each pixel of `box` is selected, feather and all; None where nothing, or all of the canvas, is.

    With `thin` only what that leaves of it. `selection` is Krita's, or None.
    """
    if not selection_box(selection):
        return None
    thin = thin or Thin(box, box.long_side)
    data = bytes(thin.read(selection.pixelData, box, 1))
    if box == Box(0, 0, document.width(), document.height()) and data.count(255) == len(data):
        return None
    return Pixels(PixelFormat(*thin.size, 1), data, box.x, box.y)


def mask_of(node: Any, box: Box) -> Optional[Pixels]:
    """A mask's own values over `box`; None for what is no such mask."""
    if node.type() not in MASKS:
        return None
    data = bytes(node.pixelData(box.x, box.y, box.width, box.height))
    form = PixelFormat(box.width, box.height, 1)
    return Pixels(form, data, box.x, box.y) if len(data) == form.nbytes else None
