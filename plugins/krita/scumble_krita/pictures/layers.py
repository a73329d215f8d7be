"""Writing: a result becomes a new layer right above the one that was read, in one step that can be undone."""

from __future__ import annotations

from typing import Any

from ..wire.editor.masks import alpha_bytes
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import PictureRef
from .colorspaces import space_of, write_rgba
from .nodes import free_name, is_in, is_open, place_above
from .pixels import opaque


def add_result(source: Any, ref: PictureRef, data: bytes, name: str, as_mask: bool = False, instead: Any = None) -> Any:
    """The new paint layer with the result's pixels (RGBA as `ref` says), in the document's colour space.

    With `as_mask` its alpha becomes a transparency mask, where Krita can make one (5.2 and later). The layer that was
    read stays as it is. A layer in place of which it is to stand (`instead`) lends its name, opacity, blending and
    place; it is for the caller to remove it. Everything is made before the layer is added, so that undo knows one step.
    Raises `document-closed`, `layer-changed`, `picture-truncated`, `editor-refused`.
    """
    document, form = source.document, ref.raw
    check_place(source)
    if len(data) != form.nbytes or form.channels != 4:
        raise ScumbleError("picture-truncated", name=name, reason=f"{len(data)} / {form.nbytes}")
    instead = instead if instead is not None and is_in(document, instead) else None
    called = free_name(document, name) if instead is None else instead.name()
    layer = document.createNode(called, "paintlayer")
    if layer is None:
        raise ScumbleError("document-closed")
    masked = as_mask and hasattr(document, "createTransparencyMask")
    box = (ref.x, ref.y, form.width, form.height)
    pixels = opaque(data, form.depth) if masked else data
    write_rgba(layer, pixels, box, form.depth, form.space, space_of(document))
    if masked:
        _add_mask(document, layer, box, alpha_bytes(data, form.depth))
    if source.node.inheritAlpha():
        layer.setInheritAlpha(True)  # else it would show where the layers below hide the source
    if instead is not None:
        _dress(layer, instead)
    parent, below = place_above(source.node if instead is None else instead)
    if not parent.addChildNode(layer, below):
        raise ScumbleError("editor-refused", reason="addChildNode")
    return layer


def _dress(layer: Any, other: Any) -> None:
    """Give a new layer the looks of another; each change is a step of undo, even of a layer that is not added yet."""
    if layer.opacity() != other.opacity():
        layer.setOpacity(other.opacity())
    if layer.blendingMode() != other.blendingMode():
        layer.setBlendingMode(other.blendingMode())


def check_place(source: Any) -> None:
    """Raise `document-closed` or `layer-changed` unless the layer that was read is still where it was."""
    document = source.document
    if not is_open(document):
        raise ScumbleError("document-closed")
    moved = (document.width(), document.height()) != tuple(source.canvas)
    if moved or not is_in(document, source.node):
        raise ScumbleError("layer-changed")


def _add_mask(document: Any, layer: Any, box: Any, alpha: bytes) -> None:
    from krita import Selection

    selection = Selection()
    selection.setPixelData(alpha, *box)
    mask = document.createTransparencyMask(layer.name())
    layer.addChildNode(mask, None)
    mask.setSelection(selection)
