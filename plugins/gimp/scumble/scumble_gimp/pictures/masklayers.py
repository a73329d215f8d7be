"""Layers that a style's mask is painted on."""

from __future__ import annotations

from typing import Any, Optional, Sequence

from ..gimplib import Gegl, Gimp
from ..wire.editor.masks import MASK_OPACITY
from ..wire.editor.places import white
from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box
from .formats import COLORS
from .source import check_open, layer_of

MARK = "scumble-mask"  # a parasite of such a layer


def add_mask_layer(
    image: Any, drawables: Sequence[Any], name: str, alpha: bytes = b"", box: Optional[Box] = None
) -> Any:
    """A new transparent layer above the first of `drawables`, through which the picture is seen; it is chosen then.

    Over `box` it is white where `alpha` (8 bits a pixel) says. It is one step of undo. Raises
    `document-closed`, `layer-changed`, `layer-missing`, `editor-refused`.
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
    if box is not None:
        buffer = layer.get_buffer()
        buffer.set(Gegl.Rectangle.new(box.x, box.y, box.width, box.height), COLORS["u8"], white(alpha))
        buffer.flush()
    image.undo_group_start()
    try:
        if not image.insert_layer(layer, source.get_parent(), image.get_item_position(source)):
            layer.delete()
            raise ScumbleError("editor-refused", reason="insert_layer")
        image.set_selected_layers([layer])
    finally:
        image.undo_group_end()
    Gimp.displays_flush()
    return layer


def hide_mask_layer(layer: Any) -> None:
    """Hide a layer that was made to paint a mask on; any other stays."""
    if layer is not None and layer.is_valid() and layer.is_layer() and layer.get_parasite(MARK) is not None:
        layer.set_visible(False)
