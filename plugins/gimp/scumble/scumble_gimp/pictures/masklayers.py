"""Layers that a style's mask is painted on."""

from __future__ import annotations

from typing import Any, Sequence

from ..gimplib import Gimp
from ..wire.editor.masks import MASK_OPACITY
from ..wire.protocol.errors import ScumbleError
from .source import check_open, layer_of

MARK = "scumble-mask"  # a parasite of such a layer


def add_mask_layer(image: Any, drawables: Sequence[Any], name: str) -> Any:
    """A new transparent layer above the first of `drawables`, through which the picture is seen; it is chosen then.

    Raises `document-closed`, `layer-changed`, `layer-missing`, `editor-refused`.
    """
    if not image.is_valid():
        raise ScumbleError("document-closed")
    if not drawables:
        raise ScumbleError("layer-missing")
    check_open(image, drawables[0])
    source = layer_of(drawables[0])
    gray = image.get_base_type() == Gimp.ImageBaseType.GRAY
    kind = Gimp.ImageType.GRAYA_IMAGE if gray else Gimp.ImageType.RGBA_IMAGE
    size = (image.get_width(), image.get_height())
    layer = Gimp.Layer.new(image, name, *size, kind, 100 * MASK_OPACITY, Gimp.LayerMode.NORMAL)
    layer.attach_parasite(Gimp.Parasite.new(MARK, Gimp.PARASITE_PERSISTENT, [1]))
    if not image.insert_layer(layer, source.get_parent(), image.get_item_position(source)):
        layer.delete()
        raise ScumbleError("editor-refused", reason="insert_layer")
    image.set_selected_layers([layer])
    Gimp.displays_flush()
    return layer


def hide_mask_layer(layer: Any) -> None:
    """Hide a layer that was made to paint a mask on; any other stays."""
    if layer is not None and layer.is_valid() and layer.is_layer() and layer.get_parasite(MARK) is not None:
        layer.set_visible(False)
