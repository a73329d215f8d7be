"""Layers as frames: painted by the engine in their order, each held to the one before it."""

from __future__ import annotations

from functools import partial
from typing import Any, List, Mapping, Optional, Sequence

from ..pictures.frames import PaintedFrame, add_frames
from ..pictures.result import PaintedLayer, check_mode
from ..pictures.source import read_layer, sources_of
from ..wire.editor.frames.chain import Chain
from ..wire.editor.link import Link
from ..wire.protocol.errors import ScumbleError
from ..wire.request.recipe import Recipe, layer_pictures
from ..wire.request.sources import Pixels
from .engine import Watch, carry_out
from .transfer import asked_of, found, look, titles


def transfer_frames(
    link: Link,
    image: Any,
    frames: Sequence[Any],
    recipe: Recipe,
    selection_as: str = "mask",
    convert: bool = False,
    watch: Optional[Watch] = None,
) -> List[Any]:
    """Paint each layer of `frames`, in this order; the new ones, in a group. Nothing is added unless all are done.

    The rest is as in `transfer`; it raises the same, and `layer-empty` where there is nothing on any of them.
    """
    recipe.check()
    check_mode(image, convert)
    pictures = layer_pictures(recipe, lambda s: read_layer(found(s.layer, s.name)))
    chain = Chain()
    painted = [PaintedFrame(layer, _paint(link, image, layer, recipe, pictures, chain, watch)) for layer in frames]
    if all(frame.painted is None for frame in painted):
        raise ScumbleError("layer-empty")
    return add_frames(image, painted, recipe, recipe.title(titles(link, recipe)), selection_as, convert)


def _paint(
    link: Link,
    image: Any,
    layer: Any,
    recipe: Recipe,
    pictures: Mapping[int, Pixels],
    chain: Chain,
    watch: Optional[Watch],
) -> Optional[PaintedLayer]:
    """What comes of a frame; None where there is nothing on it."""
    try:
        source = sources_of(image, [layer], recipe.value("margin"))[0]
    except ScumbleError as e:
        if e.code != "layer-empty":
            raise
        chain.cut()
        return None
    request, blobs = chain.tied(*asked_of(source, recipe, pictures))
    run = carry_out(link, request, blobs, partial(look, source, watch))
    assert run.picture is not None  # it is done
    chain.painted(run.picture, run.pixels)
    return PaintedLayer(source, run.picture, run.pixels)
