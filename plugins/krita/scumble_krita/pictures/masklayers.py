"""Layers that a style's mask is painted on."""

from __future__ import annotations

from typing import Any

from ..wire.editor.masks import MASK_OPACITY
from ..wire.protocol.errors import ScumbleError
from .nodes import MASK_KEY, active_layer, find_node, free_name, identity, is_painted_mask, place_above

ABOUT = "Scumble: the layer that a mask is painted for"


def add_mask_layer(document: Any, name: str) -> Any:
    """A new empty layer above the one that is meant, through which the picture is seen; it is active then.

    Raises `layer-missing`, `document-closed`, `editor-refused`.
    """
    source = active_layer(document)
    layer = document.createNode(free_name(document, name), "paintlayer")
    if layer is None:
        raise ScumbleError("document-closed")
    layer.setOpacity(round(255 * MASK_OPACITY))
    parent, below = place_above(source)
    if not parent.addChildNode(layer, below):
        raise ScumbleError("editor-refused", reason="addChildNode")
    document.setAnnotation(MASK_KEY + identity(layer), ABOUT, identity(source).encode())
    document.waitForDone()
    document.setActiveNode(layer)
    return layer


def hide_mask_layer(document: Any, node_id: str) -> None:
    """Hide a layer that was made to paint a mask on; any other stays."""
    try:
        node = find_node(document, node_id)
    except ScumbleError:
        return
    if is_painted_mask(document, node) and node.visible():
        node.setVisible(False)
        document.refreshProjection()
