"""A result that was kept: a layer of an image once more, or an image of its own."""

from __future__ import annotations

from typing import Any

from ..gimplib import Gimp
from ..wire.editor.jobs.history import HistoryEntry
from ..wire.protocol.errors import ScumbleError
from .result import RGB, check_mode, drop, insert_above, new_layer, one_step, refused
from .settings import store

PRECISIONS = {
    "u8": Gimp.Precision.U8_NON_LINEAR,
    "u16": Gimp.Precision.U16_NON_LINEAR,
    "f32": Gimp.Precision.FLOAT_NON_LINEAR,
}


def apply_again(image: Any, below: Any, entry: HistoryEntry) -> Any:
    """The new layer, right above `below` or on top without it, where the result was painted; with its settings.

    It is one step of undo. Raises `document-closed`, `image-indexed`, `file-missing`, `picture-truncated`,
    `editor-refused`.
    """
    if not image.is_valid():
        raise ScumbleError("document-closed")
    check_mode(image, False)
    layer = new_layer(image, entry.title, entry.ref.raw, entry.pixels(), (entry.ref.x, entry.ref.y))
    store(layer, entry.recipe)
    try:
        with one_step(image):
            if below is not None:
                insert_above(image, layer, below)
            elif not image.insert_layer(layer, None, 0):
                raise refused("insert_layer")
            image.set_selected_layers([layer])
    except BaseException:
        drop(image, layer)
        raise
    Gimp.displays_flush()
    return layer


def open_as_image(entry: HistoryEntry) -> Any:
    """The result alone, in a window. Raises `file-missing`, `picture-truncated`, `editor-refused`."""
    form, data = entry.ref.raw, entry.pixels()
    image = Gimp.Image.new_with_precision(form.width, form.height, RGB, PRECISIONS[form.depth])
    try:
        layer = new_layer(image, entry.title, form, data, (0, 0))
        store(layer, entry.recipe)
        if not image.insert_layer(layer, None, 0):
            raise refused("insert_layer")
        Gimp.Display.new(image)
    except BaseException:
        image.delete()
        raise
    Gimp.displays_flush()
    return image
