"""Layers that a style's mask is painted on."""

from __future__ import annotations

from typing import Any

from ..wire.editor.masks import MASK_OPACITY
from ..wire.editor.places import white
from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box
from .colorspaces import space_of, write_rgba
from .nodes import (
    MASK_KEY,
    active_layer,
    find_node,
    free_name,
    identity,
    is_in,
    is_open,
    is_painted_mask,
    place_above,
)

ABOUT = "Scumble: the layer that a mask is painted for"


def add_mask_layer(document: Any, name: str) -> Any:
    """A new empty layer above the one that is meant, through which the picture is seen; it is active then.

    Raises `layer-missing`, `document-closed`, `editor-refused`.
    """
    return _add(document, active_layer(document), _made(document, name))


def add_place_layer(document: Any, source: Any, name: str, alpha: bytes, box: Box) -> Any:
    """As `add_mask_layer`, above `source`, white over `box` where `alpha` (8 bits a pixel) says.

    Raises `document-closed`, `layer-changed`, `editor-refused`.
    """
    if not is_open(document):
        raise ScumbleError("document-closed")
    if not is_in(document, source):
        raise ScumbleError("layer-changed")
    layer = _made(document, name)
    write_rgba(layer, white(alpha), (box.x, box.y, box.width, box.height), "u8", "srgb", space_of(document))
    return _add(document, source, layer)


def _made(document: Any, name: str) -> Any:
    layer = document.createNode(free_name(document, name), "paintlayer")
    if layer is None:
        raise ScumbleError("document-closed")
    layer.setOpacity(round(255 * MASK_OPACITY))
    return layer


def _add(document: Any, source: Any, layer: Any) -> Any:
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
