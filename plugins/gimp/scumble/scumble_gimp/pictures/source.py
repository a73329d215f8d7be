"""Reading: layers with the selection, style pictures and masks, as the engine takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, List, Optional, Protocol, Sequence, Tuple

from ..gimplib import Gimp
from ..wire.editor.preview.sizes import fitting, small_place
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import MAX_SIDE, MOST_AT_ONCE, PixelFormat
from ..wire.request.geometry import Box, context_box
from ..wire.request.sources import Pixels
from ..wire.words.translation import tr
from .formats import COLORS, COVERAGE, depth_of, mask_depth_of
from .pixels import shows
from .views import bounds_of, plain_view, shown


@dataclass
class Source:
    """What was read, and from where.

    `content` is RGBA over `box` on the canvas; `selection` has one channel of 8 or 16 bits over the same box, and is
    None where nothing is selected. `place` is where the whole layer lay, `area` what of it was read: the same as `box`
    unless this is a small one. `precision` is the image's, such as “u8-linear”.
    """

    image: Any
    layer: Any
    canvas: Tuple[int, int]
    place: Box
    area: Box
    box: Box
    content: Pixels
    selection: Optional[Pixels]
    precision: str


class Cover(Protocol):
    """What takes the place of the image's selection."""

    @property
    def box(self) -> Box:
        """Where it lies on the canvas."""

    def read(self, box: Box) -> Pixels:
        """It over `box` of the canvas, as a mask of 8 or 16 bits."""

    def read_small(self, box: Box, size: Tuple[int, int]) -> bytes:
        """It in another size, 8 bits a pixel."""


def sources_of(image: Any, drawables: Sequence[Any], margin: float, cover: Optional[Cover] = None) -> List[Source]:
    """The layers under the selection, or under `cover`, with `margin` around it as a share of its long side.

    A layer's mask stands for the layer. Raises `document-closed`, `layer-missing`, `layer-changed`,
    `layer-unsupported`, `layer-empty`, `picture-large` and `editor-refused`.
    """
    return [_read(image, layer, box, cover) for layer, box in _places(image, drawables, margin, cover)]


def read_whole(image: Any, drawables: Sequence[Any]) -> Source:
    """The first layer as `sources_of` reads it, all of it that lies in the picture, whatever is selected."""
    layer = _layers(image, drawables)[0]
    return _read(image, layer, _box(image, layer, 0.0, None, True), None, True)


def small_sources_of(
    image: Any, drawables: Sequence[Any], margin: float, long_side: int, cover: Optional[Cover] = None
) -> List[Source]:
    """`small_source` of each, without reading the large ones first."""
    places = _places(image, drawables, margin, cover)
    return [_read_small(image, layer, box, long_side, cover) for layer, box in places]


def small_source(source: Source, long_side: int, cover: Optional[Cover] = None) -> Source:
    """The same, read anew at most `long_side` pixels long as 8-bit sRGB: for previews. Canvas and box shrink alike.

    Raises `document-closed`, `layer-changed`, `layer-empty`.
    """
    check_open(source.image, source.layer)
    return _read_small(source.image, source.layer, source.area, long_side, cover)


def close_source(source: Source, box: Box, cover: Optional[Cover] = None) -> Source:
    """What of a source lies in `box`, in its own pixels as 8-bit sRGB. Raises as `small_source`."""
    check_open(source.image, source.layer)
    return _read_small(source.image, source.layer, box, box.long_side, cover)


def small_frame(source: Source, layer: Any) -> Pixels:
    """What another layer has where `source`, a small one, was read, in the same size. Raises as `check_open`."""
    check_open(source.image, layer)
    form = source.content.format
    with shown(layer) as view:
        return replace(source.content, data=view.read_small(source.area, (form.width, form.height)))


def read_layer(drawable: Any, long_side: int = 0) -> Pixels:
    """A layer as a style picture: all of it, or at most `long_side` long.

    Raises `layer-changed`, `layer-empty`, `picture-large`.
    """
    if not drawable.is_valid():
        raise ScumbleError("layer-changed")
    drawable = layer_of(drawable) if drawable.is_layer_mask() else drawable
    box = bounds_of(drawable)
    _check_size(drawable, box)
    depth = depth_of(drawable.get_image())
    with shown(drawable) as view:
        if long_side:
            form = PixelFormat(*fitting((box.width, box.height), long_side), 4)
            return Pixels(form, view.read_small(box, (form.width, form.height)), box.x, box.y)
        form = PixelFormat(box.width, box.height, 4, depth)
        return Pixels(form, view.read(box, COLORS[depth], form.nbytes), box.x, box.y)


def read_mask(drawable: Any, box: Box, size: Optional[Tuple[int, int]] = None) -> Pixels:
    """A layer as a mask of 8 bits over `box`, in another size if wanted: where it is light.

    In a transparent one, where it is painted. A channel and a layer's mask are taken as they are. Raises
    `layer-changed`, `picture-large`.
    """
    if not drawable.is_valid():
        raise ScumbleError("layer-changed")
    _check_size(drawable, box)
    form = PixelFormat(*(size or (box.width, box.height)), 1)
    small = (form.width, form.height) != (box.width, box.height)
    if drawable.is_channel():  # a layer's mask is one too
        view = plain_view(drawable)
        data = view.read_small_mask(box, size) if size and small else view.read(box, COVERAGE["u8"], form.nbytes)
        return Pixels(form, data, box.x, box.y)
    with shown(drawable) as view:
        data = view.read_small_lightness(box, size) if size and small else view.read_lightness(box)
    return Pixels(form, data, box.x, box.y)


def layer_of(drawable: Any) -> Any:
    """The layer that is meant: that of a mask. Raises `layer-unsupported`."""
    if drawable.is_layer_mask():
        return Gimp.Layer.from_mask(drawable)
    if not drawable.is_layer():
        raise ScumbleError("layer-unsupported", kind=tr("channel"))
    if drawable.is_floating_sel():
        raise ScumbleError("layer-unsupported", kind=tr("floating selection"))
    return drawable


def check_open(image: Any, layer: Any) -> None:
    """Raise `document-closed` or `layer-changed` unless both are still there."""
    if not image.is_valid():
        raise ScumbleError("document-closed")
    if not layer.is_valid():
        raise ScumbleError("layer-changed")


def _places(image: Any, drawables: Sequence[Any], margin: float, cover: Optional[Cover]) -> List[Tuple[Any, Box]]:
    """The layers to be read, each once, and what of them."""
    return [(layer, _box(image, layer, margin, cover)) for layer in _layers(image, drawables)]


def _layers(image: Any, drawables: Sequence[Any]) -> List[Any]:
    if not image.is_valid():
        raise ScumbleError("document-closed")
    layers: Dict[int, Any] = {}
    for drawable in drawables:
        check_open(image, drawable)
        layer = layer_of(drawable)
        layers[layer.get_id()] = layer
    if not layers:
        raise ScumbleError("layer-missing")
    return list(layers.values())


def _box(image: Any, layer: Any, margin: float, cover: Optional[Cover], whole: bool = False) -> Box:
    """What of the layer is to be read: what lies in the picture, there the selection's box and around it.

    With `whole` the selection does not count.
    """
    canvas = Box(0, 0, image.get_width(), image.get_height())
    inside = bounds_of(layer).clipped(canvas)
    chosen = cover.box.clipped(canvas) if cover is not None else selection_box(image)
    chosen = None if whole else chosen
    box = context_box(chosen or inside, inside, margin)
    if not box:
        raise ScumbleError("layer-empty")
    _check_size(layer, box)
    return box


def selection_box(image: Any) -> Optional[Box]:
    """The bounds of what is selected; None where nothing is."""
    if Gimp.Selection.is_empty(image):
        return None
    found = Gimp.Selection.bounds(image)
    return Box.from_bounds(found.x1, found.y1, found.x2, found.y2)


def _read(image: Any, layer: Any, box: Box, cover: Optional[Cover], whole: bool = False) -> Source:
    form = PixelFormat(box.width, box.height, 4, depth_of(image))
    with shown(layer) as view:
        content = Pixels(form, view.read(box, COLORS[form.depth], form.nbytes), box.x, box.y)
    selection = cover.read(box) if cover is not None else None
    if cover is None and not whole and not Gimp.Selection.is_empty(image):
        form = PixelFormat(box.width, box.height, 1, mask_depth_of(image))
        data = plain_view(image.get_selection()).read(box, COVERAGE[form.depth], form.nbytes)
        selection = Pixels(form, data, box.x, box.y)
    return _source(image, layer, box, content, selection)


def _read_small(image: Any, layer: Any, box: Box, long_side: int, cover: Optional[Cover]) -> Source:
    size = fitting((box.width, box.height), long_side)
    with shown(layer) as view:
        content = Pixels(PixelFormat(*size, 4), view.read_small(box, size))
    selection = Pixels(PixelFormat(*size, 1), cover.read_small(box, size)) if cover is not None else None
    if cover is None and not Gimp.Selection.is_empty(image):
        data = plain_view(image.get_selection()).read_small_mask(box, size)
        selection = Pixels(PixelFormat(*size, 1), data)
    return _shrunk(_source(image, layer, box, content, selection))


def _shrunk(source: Source) -> Source:
    """With box and canvas in the size of its content."""
    form = source.content.format
    box, canvas = small_place(source.box, source.canvas, (form.width, form.height))
    content = replace(source.content, x=box.x, y=box.y)
    selection = replace(source.selection, x=box.x, y=box.y) if source.selection else None
    return replace(source, canvas=canvas, box=box, content=content, selection=selection)


def _source(image: Any, layer: Any, box: Box, content: Pixels, selection: Optional[Pixels]) -> Source:
    mask = (selection.data, selection.format.depth) if selection else (None, "u8")
    if not shows(content.data, content.format.depth, *mask):
        raise ScumbleError("layer-empty")
    canvas, precision = (image.get_width(), image.get_height()), str(image.get_precision().value_nick)
    return Source(image, layer, canvas, bounds_of(layer), box, box, content, selection, precision)


def _check_size(layer: Any, box: Box) -> None:
    if max(box.width, box.height) > MAX_SIDE or box.width * box.height > MOST_AT_ONCE:
        megapixels, limit = box.width * box.height / 1e6, MOST_AT_ONCE / 1e6
        raise ScumbleError("picture-large", name=layer.get_name(), megapixels=megapixels, limit=limit)
