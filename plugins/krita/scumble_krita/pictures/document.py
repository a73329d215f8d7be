"""Reading: the layer and the selection that are meant, as pixels for the wire. Nothing in the document changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, List, Optional, Tuple

from ..wire.editor.preview.sizes import fitting, small_place
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import MAX_SIDE, MOST_AT_ONCE, PixelFormat
from ..wire.request.geometry import Box, context_box
from ..wire.request.sources import Pixels
from ..wire.request.stylechoice import StyleChoice
from ..wire.words.translation import tr
from . import scaling
from .colorspaces import BYTES, CHANNELS, Space, sent_as, space_of, to_rgba
from .masks import mask_of, read_selection, selection_box
from .nodes import (
    KINDS,
    active_document,
    active_layer,
    bounds_of,
    chosen_layers,
    find_node,
    layer_of,
    layers_of,
    masks_of,
    name_of,
)
from .pixels import shows

__all__ = [
    "Source",
    "active_source",
    "close_source",
    "find_node",
    "layers_of",
    "masks_of",
    "name_of",
    "read_layer",
    "read_mask",
    "read_part",
    "read_source",
    "read_whole",
    "selected_size",
    "selected_sources",
    "small_active_source",
    "small_source",
    "small_source_of",
]


@dataclass
class Source:
    """What was read, and from where.

    `content` is RGBA over `box` on the canvas; `selection` has one channel of 8 bits over the same box, and is None
    where nothing, or everything, is selected. `model`, `depth` and `profile` are the document's.
    """

    document: Any
    node: Any
    canvas: Tuple[int, int]
    box: Box
    content: Pixels
    selection: Optional[Pixels]
    model: str
    depth: str
    profile: str


def active_source(margin: float) -> Source:
    """The active layer under the selection, with `margin` around it as a share of the selection's long side.

    Raises `document-missing`, `layer-missing`, `layer-unsupported`, `layer-empty`, `selection-outside`,
    `picture-large` and `editor-refused`.
    """
    document = active_document()
    return read_source(document, active_layer(document), margin)


def read_whole(document: Any, node: Any) -> Source:
    """As `read_source`, of all that lies on the canvas, whatever is selected."""
    document.waitForDone()
    node = layer_of(document, node)
    box = _box(document, 0.0, None)
    content = _read_content(document, node, box)
    if not _visible(content, None):
        raise ScumbleError("layer-empty")
    return _source(document, node, box, content, None)


def selected_sources(margin: float) -> List[Source]:
    """As `active_source`, of each layer that is selected in the list of layers."""
    document = active_document()
    return [read_source(document, node, margin) for node in chosen_layers(document)]


def read_source(document: Any, node: Any, margin: float, cover: Any = None) -> Source:
    """As `active_source`, of a layer of `document` (or the layer that a mask sits on).

    `cover` is a selection that takes the place of the document's.
    """
    document.waitForDone()  # strokes and updates that are still on their way
    return _read(document, layer_of(document, node), _box(document, margin, _chosen(document, cover)), cover)


def _read(document: Any, node: Any, box: Box, cover: Any) -> Source:
    content = _read_content(document, node, box)
    selection = read_selection(document, box, None, _chosen(document, cover))
    if not _visible(content, selection):
        raise ScumbleError("layer-empty")
    return _source(document, node, box, content, selection)


def small_active_source(margin: float, long_side: int) -> Tuple[Source, Source]:
    """`active_source` without its pixels, and `small_source` of it, read small: much faster for large pictures."""
    document = active_document()
    return small_source_of(document, active_layer(document), margin, long_side)


def small_source_of(
    document: Any, node: Any, margin: float, long_side: int, cover: Any = None
) -> Tuple[Source, Source]:
    """As `small_active_source`, of a layer of `document`; `cover` as in `read_source`."""
    document.waitForDone()
    return _read_small(document, node, _box(document, margin, _chosen(document, cover)), long_side, cover)


def _chosen(document: Any, cover: Any) -> Any:
    return cover if cover is not None else document.selection()


def _read_small(document: Any, node: Any, box: Box, long_side: int, cover: Any) -> Tuple[Source, Source]:
    _, space = _node_bytes(document, node, Box(box.x, box.y, box.width, 1))
    thin = scaling.Thin(box, long_side)
    data = thin.read(node.projectionPixelData, box, space.pixel)
    form = PixelFormat(*thin.size, 4, *(sent_as(space) if space.native else ("u8", "srgb")))
    content = Pixels(form, to_rgba(document, data, space, thin.size, form.depth, form.space), box.x, box.y)
    selection = read_selection(document, box, thin, _chosen(document, cover))
    source = _source(document, node, box, content, selection)
    if not _visible(content, selection):  # or it fell between the pixels that were looked at
        source = _read(document, node, box, cover)
    return replace(source, content=replace(content, data=b""), selection=None), small_source(source, long_side)


def small_source(source: Source, long_side: int) -> Source:
    """The same at most `long_side` pixels long, smoothly, as 8-bit sRGB: for previews. Canvas and box shrink alike.

    `content` and `selection` may have been exchanged for other pixels, or have none.
    """
    box, canvas = small_place(source.box, source.canvas, fitting((source.box.width, source.box.height), long_side))
    content, selection = source.content, source.selection
    if content.data:
        content = scaling.small_content(source.document, content, scaling.size_of(content, source.box, long_side))
    if selection is not None:
        size = scaling.size_of(selection, source.box, long_side)
        selection = replace(scaling.small_mask(selection, size), x=box.x, y=box.y)
    return replace(source, canvas=canvas, box=box, content=replace(content, x=box.x, y=box.y), selection=selection)


def close_source(source: Source, box: Box, cover: Any = None, long_side: int = 0) -> Tuple[Source, Source]:
    """What of a source lies in `box`, in its own pixels or at most `long_side` long: as `small_active_source` gives it.

    `cover` as there.
    """
    source.document.waitForDone()
    return _read_small(source.document, source.node, box, long_side or box.long_side, cover)


def selected_size(source: Source, cover: Any = None) -> Optional[Tuple[int, int]]:
    """Width and height of what is selected on the canvas (or of `cover`); None where nothing is, or all is."""
    canvas = Box(0, 0, *source.canvas)
    box = selection_box(_chosen(source.document, cover))
    inside = box.clipped(canvas) if box is not None else canvas
    return None if inside == canvas else (inside.width, inside.height)


def read_layer(document: Any, node_id: str, box: Optional[Box] = None, name: str = "") -> Pixels:
    """A layer as a picture: what of it lies on the canvas (all of it, where nothing does), or over `box`.

    Raises `layer-gone`, `layer-empty`, `layer-unsupported`, `picture-large`.
    """
    document.waitForDone()
    node = layer_of(document, find_node(document, node_id, name))
    return _read_content(document, node, box or bounds_of(document, node))


def read_part(document: Any, style: StyleChoice) -> Pixels:
    """The mask on a style's own picture, as `read_mask`: over that where it is a layer, else over the whole canvas."""
    box = Box(0, 0, document.width(), document.height())
    if style.source == "layer":
        box = bounds_of(document, layer_of(document, find_node(document, style.layer, style.name)))
    return read_mask(document, style.part_layer, box, style.part_name)


def read_mask(document: Any, node_id: str, box: Box, name: str = "") -> Pixels:
    """A layer as a mask of 8 bits over `box`: where it is light, or in a transparent layer, where it is painted.

    A transparency mask or a local selection is taken as it is. Raises as `read_layer`.
    """
    document.waitForDone()
    node = find_node(document, node_id, name)
    own = mask_of(node, box)
    if own is not None:
        return own
    data, space = _node_bytes(document, layer_of(document, node), box)
    return scaling.luminance(document, data, space, box)


def _source(document: Any, node: Any, box: Box, content: Pixels, selection: Optional[Pixels]) -> Source:
    canvas = (document.width(), document.height())
    return Source(document, node, canvas, box, content, selection, *space_of(document))


def _box(document: Any, margin: float, selection: Any) -> Box:
    """What is to be read. Raises `selection-outside`, `picture-large`."""
    canvas = Box(0, 0, document.width(), document.height())
    box = context_box(selection_box(selection) or canvas, canvas, margin)
    if not box:
        raise ScumbleError("selection-outside")
    return box


def _read_content(document: Any, node: Any, box: Box) -> Pixels:
    data, space = _node_bytes(document, node, box)
    depth, curve = sent_as(space)
    size = (box.width, box.height)
    return Pixels(PixelFormat(*size, 4, depth, curve), to_rgba(document, data, space, size, depth, curve), box.x, box.y)


def _node_bytes(document: Any, node: Any, box: Box) -> Tuple[Any, Space]:
    """What a layer shows over `box`, with its filters and masks, as Krita keeps it; and the colour space of it.

    Raises `layer-unsupported`, `picture-large`.
    """
    if max(box.width, box.height) > MAX_SIDE or box.width * box.height > MOST_AT_ONCE:
        megapixels, limit = box.width * box.height / 1e6, MOST_AT_ONCE / 1e6
        raise ScumbleError("picture-large", name=node.name(), megapixels=megapixels, limit=limit)
    data = node.projectionPixelData(box.x, box.y, box.width, box.height)
    for space in (space_of(node), space_of(document)):  # a group, say, may name another than it shows
        if space.model in CHANNELS and space.depth in BYTES and len(data) == box.width * box.height * space.pixel:
            return data, space
    kind = str(node.type())
    raise ScumbleError("layer-unsupported", kind=tr(KINDS.get(kind, kind)))


def _visible(content: Pixels, selection: Optional[Pixels]) -> bool:
    """Whether something that is selected shows."""
    return shows(content.data, content.format.depth, selection.data if selection else None)
