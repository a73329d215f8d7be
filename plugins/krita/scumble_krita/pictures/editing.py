"""A result that is to be painted anew: its layer, what it was painted from, and the selection it was painted in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from krita import Krita, Selection

from ..wire.editor.masks import alpha_bytes
from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box
from ..wire.request.recipe import Recipe
from . import settings
from .document import Source, read_layer, read_source
from .nodes import active_layer, find_node, identity


@dataclass(frozen=True)
class Result:
    """A layer of ours: `node`, the layer `source` that it was painted from, and with which settings."""

    document: Any
    node: Any
    source: Any
    recipe: Recipe

    def read(self, margin: float) -> Source:
        """What is to be painted, as `document.active_source` reads it."""
        return read_source(self.document, self.source, margin, self.cover())

    def cover(self) -> Optional[Any]:
        """What it covers, as a selection of Krita's own; None where it is empty. Raises what reading raises."""
        found = self.node.bounds()
        box = Box(found.x(), found.y(), found.width(), found.height())
        box = box.clipped(Box(0, 0, self.document.width(), self.document.height()))
        if not box:
            return None
        mine, below = (_alpha(self.document, node, box) for node in (self.node, self.source))
        selection = Selection()
        selection.setPixelData(_undone(mine, below), box.x, box.y, box.width, box.height)
        return selection


def active_result() -> Optional[Result]:
    """The active layer, where it is one of ours whose source is still there."""
    document = Krita.instance().activeDocument()
    try:
        node = active_layer(document) if document is not None else None
        return None if node is None else result_of(document, node)
    except ScumbleError:
        return None


def result_of(document: Any, node: Any) -> Optional[Result]:
    """`node` as a result; None where it is none, or what it was painted from is gone."""
    recipe, source = settings.stored(document, node), settings.stored_source(document, node)
    if recipe is None or not source:
        return None
    try:
        return Result(document, node, find_node(document, source), recipe)
    except ScumbleError:
        return None


def _alpha(document: Any, node: Any, box: Box) -> bytes:
    pixels = read_layer(document, identity(node), box)
    return alpha_bytes(pixels.data, pixels.format.depth)


def _undone(painted: bytes, below: bytes) -> bytes:
    """The selection that made `below` (the source's alpha) into `painted`."""
    if below.count(255) == len(below):
        return painted
    return bytes(min(255, round(255 * p / b)) if b else 0 for p, b in zip(painted, below))
