"""Writing: a result becomes a new layer right above the one that was read; all of a run in one step of undo."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any, Iterator, List, Sequence, Tuple

from ..gimplib import Gegl, Gimp
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import DEPTH_BYTES, PictureRef, PixelFormat
from ..wire.request.geometry import Box
from ..wire.request.recipe import Recipe
from .formats import COLORS, COVERAGE
from .pixels import cropped, with_alpha
from .settings import store
from .source import Source, check_open
from .views import bounds_of

RGB, GRAY = Gimp.ImageBaseType.RGB, Gimp.ImageBaseType.GRAY


@dataclass
class PaintedLayer:
    """What the engine made of a source: RGBA as `ref` says."""

    source: Source
    ref: PictureRef
    data: bytes


def add_result(
    source: Source,
    ref: PictureRef,
    data: bytes,
    recipe: Recipe,
    name: str,
    selection_as: str = "mask",
    convert: bool = False,
) -> Any:
    """The new layer; see `add_results`."""
    return add_results([PaintedLayer(source, ref, data)], recipe, name, selection_as, convert)[0]


def add_results(
    results: Sequence[PaintedLayer],
    recipe: Recipe,
    name: str,
    selection_as: str = "mask",
    convert: bool = False,
    instead: Any = None,
) -> List[Any]:
    """The new layers, each directly above its source, selected. With them goes what painted them.

    The selection is a layer's mask, or its alpha where `selection_as` is “alpha”; with `convert` an image in gray or
    indexed colours becomes RGB. A layer in place of which the one result is to stand (`instead`) lends it its name,
    looks and place, and goes. Nothing is added before all is made. Raises `document-closed`, `layer-changed`,
    `image-indexed`, `picture-truncated`, `editor-refused`.
    """
    image = results[0].source.image
    if instead is not None and not instead.is_valid():
        raise ScumbleError("layer-changed")
    for painted in results:
        check_result(painted, image, convert, name)
    turns = convert and image.get_base_type() != RGB
    made: List[Any] = []
    try:
        with contextlib.ExitStack() as step:
            if turns:  # first: GIMP makes a layer in the image's mode
                step.enter_context(one_step(image))
                make_rgb(image)
            for painted in results:
                made.append(make_layer(painted, name, selection_as == "mask"))
                store(made[-1], recipe, painted.source.layer)
            if not turns:
                step.enter_context(one_step(image))
            for painted, layer in zip(results, made):
                insert_above(image, layer, painted.source.layer if instead is None else instead)
            if instead is not None:
                replace_layer(image, made[0], instead)
            image.set_selected_layers(made)
    except BaseException:
        for layer in made:
            drop(image, layer)
        raise
    Gimp.displays_flush()
    return made


def check_mode(image: Any, convert: bool) -> None:
    """Raise `image-indexed` for an image whose palette cannot hold a painting."""
    if image.get_base_type() not in (RGB, GRAY) and not convert:
        raise ScumbleError("image-indexed")


def check_result(painted: PaintedLayer, image: Any, convert: bool, name: str) -> None:
    """Raise what stands against adding the result."""
    check_open(image, painted.source.layer)
    check_mode(image, convert)
    form, size = painted.ref.raw, len(painted.data)
    if size != form.nbytes or form.channels != 4:
        raise ScumbleError("picture-truncated", name=name, reason=f"{size} / {form.nbytes}")
    _offsets(painted.source, Box(0, 0, 0, 0))


def make_layer(painted: PaintedLayer, name: str, masked: bool) -> Any:
    """A layer with the result's pixels, in no image yet."""
    source, form, data = painted.source, painted.ref.raw, painted.data
    box = Box(painted.ref.x, painted.ref.y, form.width, form.height)
    selection = source.selection if masked else None
    if selection is not None:
        data = with_alpha(data, _part(source, box, 4, form.depth, source.content.data), form.depth)
    layer = new_layer(source.image, name, form, data, _offsets(source, box))
    try:
        if selection is not None:
            depth = selection.format.depth
            _add_mask(layer, COVERAGE[depth], _part(source, box, 1, depth, selection.data))
    except BaseException:
        layer.delete()
        raise
    return layer


def new_layer(image: Any, name: str, form: PixelFormat, data: bytes, place: Tuple[int, int]) -> Any:
    """A layer of these RGBA pixels for an image, whose upper left corner lies there; in no image yet."""
    kind = Gimp.ImageType.GRAYA_IMAGE if image.get_base_type() == GRAY else Gimp.ImageType.RGBA_IMAGE
    layer = Gimp.Layer.new(image, name, form.width, form.height, kind, 100.0, Gimp.LayerMode.NORMAL)
    try:
        layer.set_offsets(*place)
        _write(layer, COLORS[form.depth], data)
    except BaseException:
        layer.delete()
        raise
    return layer


def _add_mask(layer: Any, format: str, data: bytes) -> None:
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    if not layer.add_mask(mask):
        raise refused("add_mask")
    _write(mask, format, data)
    layer.set_edit_mask(False)  # strokes go to the layer, as long as its mask is not chosen


def _part(source: Source, box: Box, channels: int, depth: str, data: bytes) -> bytes:
    """What of pixels over the source's box lies in `box`."""
    inside = box.moved(-source.box.x, -source.box.y)
    return cropped(data, source.box.width, inside, channels * DEPTH_BYTES[depth])


def _offsets(source: Source, box: Box) -> Tuple[int, int]:
    """Where the new layer lies: it has moved with its source. Raises `layer-changed`."""
    now, then = bounds_of(source.layer), source.place
    if (now.width, now.height) == (then.width, then.height):
        return box.x + now.x - then.x, box.y + now.y - then.y
    if (source.image.get_width(), source.image.get_height()) != source.canvas:
        raise ScumbleError("layer-changed")  # scaled, say
    return box.x, box.y


def _write(drawable: Any, format: str, data: bytes) -> None:
    """All of a drawable's pixels. GEGL would ignore data of another length."""
    width, height = drawable.get_width(), drawable.get_height()
    buffer = drawable.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), format, data)
    buffer.flush()
    drawable.update(0, 0, width, height)


@contextlib.contextmanager
def one_step(image: Any) -> Iterator[None]:
    """All that is done within is one step of undo."""
    image.undo_group_start()
    try:
        yield
    finally:
        image.undo_group_end()


def make_rgb(image: Any) -> None:
    """Convert an image in gray or indexed colours. Raises `editor-refused`."""
    if not image.convert_rgb():
        raise refused("convert_rgb")


def insert_above(image: Any, layer: Any, above: Any) -> None:
    """Add a layer right above another. Raises `editor-refused`."""
    if not image.insert_layer(layer, above.get_parent(), image.get_item_position(above)):
        raise refused("insert_layer")


def replace_layer(image: Any, layer: Any, other: Any) -> None:
    """`layer`, which lies above `other`, in its place."""
    name = other.get_name()
    layer.set_opacity(other.get_opacity())
    layer.set_mode(other.get_mode())
    layer.set_visible(other.get_visible())
    image.remove_layer(other)
    layer.set_name(name)


def drop(image: Any, layer: Any) -> None:
    """Take back a layer, whether it was added or not."""
    if not layer.is_valid():
        return
    if layer in image.get_layers() or layer.get_parent() is not None:
        image.remove_layer(layer)
    else:
        layer.delete()


def refused(what: str) -> ScumbleError:
    """GIMP did not do `what`."""
    return ScumbleError("editor-refused", reason=Gimp.get_pdb().get_last_error() or what)
