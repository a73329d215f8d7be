"""Layers as frames, as GIMP has animations: which they are, and painted ones as a group of layers."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from ..gimplib import Gimp
from ..wire.editor.frames.names import bare_name, frame_called
from ..wire.protocol.errors import ScumbleError
from ..wire.request.recipe import Recipe
from ..wire.request.sources import Pixels
from .formats import COLORS
from .pixels import shows
from .result import (
    GRAY,
    RGB,
    PaintedLayer,
    check_mode,
    check_result,
    drop,
    insert_above,
    make_layer,
    make_rgb,
    one_step,
    refused,
    replace_layer,
)
from .settings import store, store_frames, stored
from .source import Source, check_open, layer_of
from .views import bounds_of, shown

TIMED = re.compile(r"\(\s*\d+\s*ms\s*\)")  # how long a frame is shown, in its name


class PaintedFrame(NamedTuple):
    """A layer that is a frame, and what came of it; None where that is nothing. A `missing` one becomes nothing."""

    layer: Any
    painted: Optional[PaintedLayer]
    missing: bool = False


def frame_layers(image: Any, drawables: Sequence[Any], keys: str = "") -> List[Any]:
    """The frames, the first one first: the layers that are selected, or of one alone all of the image's.

    GIMP plays layers from the bottom up. A group is a frame as it shows, but for those that were painted from frames,
    and the one that is called `keys`.
    Raises `document-closed`, `layer-changed`, `layer-unsupported`, `frames-few`, `frames-differ`.
    """
    if not image.is_valid():
        raise ScumbleError("document-closed")
    for drawable in drawables:
        check_open(image, drawable)
    chosen = {layer_of(d).get_id(): layer_of(d) for d in drawables}
    found = list(chosen.values()) if len(chosen) > 1 else all_frames(image, keys)
    if len(found) < 2:
        raise ScumbleError("frames-few")
    found.sort(key=lambda layer: _place(image, layer), reverse=True)
    check_alike(found)
    return found


def check_alike(frames: Sequence[Any]) -> None:
    """Raise `frames-differ` unless all have one size and one place."""
    for layer in frames:
        if bounds_of(layer) != bounds_of(frames[0]):
            raise ScumbleError("frames-differ", name=layer.get_name(), other=frames[0].get_name())


def all_frames(image: Any, keys: str = "") -> List[Any]:
    """The image's layers that can be frames, top first; without the group that is called `keys`."""
    return [layer for layer in image.get_layers() if not (layer.is_group() and _is_beside(layer, keys))]


def key_groups(image: Any) -> List[str]:
    """The names of groups that may hold what was painted by hand, top first."""
    return [layer.get_name() for layer in image.get_layers() if layer.is_group() and stored(layer) is None]


def layers_by_hand(image: Any, frames: Sequence[Any], keys: str) -> Dict[int, Any]:
    """The layers in the group called `keys` that were painted by hand, by the numbers of their frames from 0.

    A layer is called as its frame, or so and more, as “Frame 2 copy”. Raises `layer-gone`, `keys-none`, `key-twice`.
    """
    group = next((layer for layer in image.get_layers() if layer.is_group() and layer.get_name() == keys), None)
    if group is None:
        raise ScumbleError("layer-gone", name=keys)
    names = [bare_name(frame.get_name()) for frame in frames]
    found: Dict[int, Any] = {}
    for layer in group.get_children():
        number = frame_called(bare_name(layer.get_name()), names)
        if number is not None and number in found:
            name, other = found[number].get_name(), layer.get_name()
            raise ScumbleError("key-twice", frame=names[number], name=name, other=other)
        if number is not None:
            found[number] = layer
    if not found:
        raise ScumbleError("keys-none", name=keys)
    return found


def read_over(source: Source, layer: Any) -> Optional[Pixels]:
    """What another layer has where `source` was read; None where that is nothing. Raises `layer-changed`."""
    check_open(source.image, layer)
    with shown(layer) as view:
        data = view.read(source.area, COLORS[source.content.format.depth], source.content.format.nbytes)
    return replace(source.content, data=data) if shows(data, source.content.format.depth, None) else None


def _is_beside(group: Any, keys: str) -> bool:
    return stored(group) is not None or (bool(keys) and group.get_name() == keys)


def looks_animated(image: Any) -> bool:
    """Whether a layer's name says how long it is shown."""
    return len(all_frames(image)) > 1 and any(TIMED.search(layer.get_name()) for layer in image.get_layers())


def add_frames(
    image: Any,
    frames: Sequence[PaintedFrame],
    recipe: Recipe,
    name: str,
    selection_as: str = "mask",
    convert: bool = False,
    keys: str = "",
    former: Any = None,
) -> List[Any]:
    """The new layers, in a new group above the uppermost frame; all in one step of undo. Their names are the frames'.

    The group `keys` led them. A `former` group goes, if no frame is missing, and lends its name, looks and place. The
    rest is as in `result.add_results`; it raises the same.
    """
    there, known = [f for f in frames if not f.missing], [f.layer for f in frames if f.layer.is_valid()]
    former = former if former is not None and former.is_valid() else None
    above = former if former is not None else min(known, key=lambda layer: _place(image, layer))
    for frame in there:
        check_open(image, frame.layer)
        if frame.painted is not None:
            check_result(frame.painted, image, convert, name)
    check_mode(image, convert)
    made: List[Any] = []
    try:
        with contextlib.ExitStack() as step:
            if convert and image.get_base_type() != RGB:
                step.enter_context(one_step(image))
                make_rgb(image)
            made.append(Gimp.GroupLayer.new(image, name))
            store(made[0], recipe)
            store_frames(made[0], known, keys)
            for frame in there:
                made.append(_made(image, frame, selection_as))
                store(made[-1], recipe, frame.layer)
            step.enter_context(one_step(image))
            insert_above(image, made[0], above)
            for layer in made[1:]:
                if not image.insert_layer(layer, made[0], 0):
                    raise refused("insert_layer")
            if former is not None and len(there) == len(frames):
                _replace_group(image, made, former, [frame.layer.get_name() for frame in there])
            image.set_selected_layers(made[:1])
    except BaseException:
        for layer in reversed(made):
            drop(image, layer)
        raise
    Gimp.displays_flush()
    return made[1:]


def _replace_group(image: Any, made: Sequence[Any], former: Any, names: Sequence[str]) -> None:
    """The group, and its layers after it, in place of another; what was there had taken their names."""
    replace_layer(image, made[0], former)
    for layer, name in zip(made[1:], names):
        layer.set_name(name)


def _made(image: Any, frame: PaintedFrame, selection_as: str) -> Any:
    """A painted frame, or an empty one, in no image yet."""
    if frame.painted is not None:
        return make_layer(frame.painted, frame.layer.get_name(), selection_as == "mask")
    kind = Gimp.ImageType.GRAYA_IMAGE if image.get_base_type() == GRAY else Gimp.ImageType.RGBA_IMAGE
    box, name = bounds_of(frame.layer), frame.layer.get_name()
    layer = Gimp.Layer.new(image, name, box.width, box.height, kind, 100.0, Gimp.LayerMode.NORMAL)
    layer.set_offsets(box.x, box.y)
    return layer


def _place(image: Any, layer: Any) -> List[int]:
    """Where a layer lies among all, from the top."""
    place: List[int] = []
    while layer is not None:
        place.insert(0, int(image.get_item_position(layer)))
        layer = layer.get_parent()
    return place
