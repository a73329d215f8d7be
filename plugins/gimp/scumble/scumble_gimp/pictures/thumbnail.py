"""A small PNG of pixels, for the history."""

from __future__ import annotations

from ..gimplib import GdkPixbuf, Gegl, GLib
from ..wire.editor.preview.sizes import fitting
from ..wire.protocol.pixels import PixelFormat
from .formats import COLORS

SHOWN = COLORS["u8"]


def thumbnail_of(form: PixelFormat, data: bytes, long_side: int) -> bytes:
    """RGBA pixels as a PNG of at most this size; empty where that cannot be made."""
    width, height = form.width, form.height
    if form.depth != "u8":
        area = Gegl.Rectangle.new(0, 0, width, height)
        buffer = Gegl.Buffer.new(COLORS[form.depth], 0, 0, width, height)
        buffer.set(area, COLORS[form.depth], data)
        data = buffer.get(area, 1.0, SHOWN, Gegl.AbyssPolicy.NONE)
    colours, kept = GdkPixbuf.Colorspace.RGB, GLib.Bytes.new(bytes(data))
    whole = GdkPixbuf.Pixbuf.new_from_bytes(kept, colours, True, 8, width, height, 4 * width)
    small = whole.scale_simple(*fitting((width, height), long_side), GdkPixbuf.InterpType.BILINEAR)
    done, png = small.save_to_bufferv("png", [], [])
    return bytes(png) if done else b""
