"""The active document as the dialog sees it: its layers, small pictures of them, what is stored with the active one."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from krita import Krita

from . import document, settings
from .log import logger
from .wire.errors import ScumbleError
from .wire.recipe import Recipe


class DocumentLayers:
    """Layers that can be styles, and those that can be masks, as (identity, indented name), top first."""

    def __init__(self) -> None:
        self.entries: List[Tuple[str, str]] = []
        self.masks: List[Tuple[str, str]] = []
        self._document: Any = None

    def refresh(self) -> None:
        """Look at the document that is active now."""
        self._document = Krita.instance().activeDocument()
        there = self._document is not None
        self.entries = document.layers_of(self._document) if there else []
        self.masks = document.masks_of(self._document) if there else []

    def picture(self, node_id: str, side: int) -> Optional[Any]:
        """A layer, at most `side` pixels long, as a QImage; None where it is gone."""
        if self._document is None:
            return None
        try:
            return document.find_node(self._document, node_id).thumbnail(side, side)
        except ScumbleError as e:
            logger.info("no picture of a layer: %s", e)
            return None

    def stored(self) -> Optional[Recipe]:
        """The settings that painted the active layer; None where it was not painted by us."""
        node = self._document.activeNode() if self._document is not None else None
        return settings.stored(self._document, node) if node is not None else None
