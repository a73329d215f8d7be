"""What a layer shows, as pixels over a box of the canvas: with its filters and its mask, in any size."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any, Iterator, Tuple

from ..gimplib import Gegl, Gimp
from ..wire.editor.masks import mask_of_painting
from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box
from .formats import COLORS, COVERAGE, LIGHTNESS, SMOOTH
from .pixels import is_opaque

Size = Tuple[int, int]


@dataclass
class View:
    """A buffer whose first pixel lies at the corner of `box` on the canvas. Beyond it all is transparent."""

    buffer: Any
    box: Box

    def read(self, box: Box, format: str, nbytes: int) -> bytes:
        """The pixels over `box` of the canvas in one of babl's formats. Raises `editor-refused`."""
        area = _area(box.moved(-self.box.x, -self.box.y))
        return _checked(self.buffer.get(area, 1.0, format, Gegl.AbyssPolicy.NONE), nbytes)

    def read_lightness(self, box: Box) -> bytes:
        """How light and how opaque each pixel is, as `mask_of_painting` says: one byte each."""
        both = self.read(box, LIGHTNESS, 2 * box.width * box.height)
        return mask_of_painting(both[::2], both[1::2])

    def read_small(self, box: Box, size: Size) -> bytes:
        """Its colours as 8-bit RGBA in another size, smoothly. Transparent pixels lend no colour to others."""
        data = self._scaled(box, size, COLORS["u8"], COLORS["u8"], 4)
        return data if is_opaque(data) else self._scaled(box, size, SMOOTH, COLORS["u8"], 4)

    def read_small_mask(self, box: Box, size: Size) -> bytes:
        """A channel in another size."""
        return self._scaled(box, size, COVERAGE["u8"], COVERAGE["u8"], 1)

    def read_small_lightness(self, box: Box, size: Size) -> bytes:
        """As `read_lightness`, in another size."""
        both = self._scaled(box, size, SMOOTH, LIGHTNESS, 2)
        return mask_of_painting(both[::2], both[1::2])

    def _scaled(self, box: Box, size: Size, averaged: str, format: str, pixel: int) -> bytes:
        """What lies in `box`, averaged in one format and read in another: GEGL averages in that of the buffer."""
        part = Gegl.Buffer.new(averaged, 0, 0, box.width, box.height)
        area = _area(box.moved(-self.box.x, -self.box.y))
        self.buffer.copy(area, Gegl.AbyssPolicy.NONE, part, Gegl.Rectangle.new(0, 0, box.width, box.height))
        scale = max(size[0] / box.width, size[1] / box.height)
        small = part.get(Gegl.Rectangle.new(0, 0, *size), scale, format, Gegl.AbyssPolicy.CLAMP)
        return _checked(small, size[0] * size[1] * pixel)


@contextlib.contextmanager
def shown(drawable: Any) -> Iterator[View]:
    """What a layer or channel shows. A group shows its layers, but not filters of its own."""
    copy = None
    try:
        if not drawable.is_group() and drawable.get_filters():
            copy = drawable.copy()  # its buffer is without them; the copy is in no image
            copy.merge_filters()
        view = plain_view(copy or drawable)
        mask = drawable.get_mask() if isinstance(drawable, Gimp.Layer) else None
        yield _masked(view, plain_view(mask)) if mask is not None and drawable.get_apply_mask() else view
    finally:
        if copy is not None:
            copy.delete()


def plain_view(drawable: Any) -> View:
    """A drawable's own pixels."""
    return View(drawable.get_buffer(), bounds_of(drawable))


def bounds_of(drawable: Any) -> Box:
    """Where it lies on the canvas."""
    offsets = drawable.get_offsets()
    return Box(offsets.offset_x, offsets.offset_y, drawable.get_width(), drawable.get_height())


def _masked(view: View, mask: View) -> View:
    Gegl.init(None)
    graph = Gegl.Node()
    pixels, coverage = (_child(graph, "gegl:buffer-source", buffer=v.buffer) for v in (view, mask))
    place = _child(graph, "gegl:translate", x=mask.box.x - view.box.x, y=mask.box.y - view.box.y)
    made = Gegl.Buffer.new("RGBA float", 0, 0, view.box.width, view.box.height)
    opacity, out = _child(graph, "gegl:opacity"), _child(graph, "gegl:write-buffer", buffer=made)
    coverage.link(place)
    pixels.link(opacity)
    place.connect_to("output", opacity, "aux")
    opacity.link(out)
    out.process()
    return View(made, view.box)


def _child(graph: Any, operation: str, **properties: Any) -> Any:
    node = graph.create_child(operation)
    for name, value in properties.items():
        node.set_property(name, value)
    return node


def _area(box: Box) -> Any:
    return Gegl.Rectangle.new(box.x, box.y, box.width, box.height)


def _checked(data: Any, nbytes: int) -> bytes:
    if data is None or len(data) != nbytes:
        raise ScumbleError("editor-refused", reason=f"{len(data or b'')} / {nbytes}")
    return bytes(data)
