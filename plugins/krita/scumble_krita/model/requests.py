"""From what was chosen and what lies open to a request: the pictures and masks that styles take from layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Tuple

from ..pictures import document
from ..wire.protocol.blobs import Blobs
from ..wire.request.recipe import Recipe, build_request, layer_masks, layer_parts, layer_pictures
from ..wire.request.request import Request
from ..wire.request.sources import Pixels

Layers = Dict[int, Pixels]  # by the style's index


def ask_for(recipe: Recipe, source: Any) -> Tuple[Request, Blobs]:
    """The request for `source` (a `document.Source`) and its blobs. Raises what reading and building do."""
    return asked_with(recipe, source, beside(recipe, source.document, source))


def asked_with(recipe: Recipe, source: Any, layers: Tuple[Layers, Layers, Layers]) -> Tuple[Request, Blobs]:
    """The same, with the layers that `beside` read."""
    pictures, masks, parts = layers
    place = source.content, source.selection, source.canvas
    return build_request(recipe, *place, pictures, masks, parts=parts)


def beside(recipe: Recipe, opened: Any, source: Any) -> Tuple[Layers, Layers, Layers]:
    """The layers of `opened` that are styles, masks over `source` and masks on styles' own pictures. Raises what
    reading does."""
    pictures = layer_pictures(recipe, lambda s: document.read_layer(opened, s.layer, name=s.name))
    masks = layer_masks(recipe, lambda s: document.read_mask(opened, s.mask_layer, source.box, s.mask_name))
    return pictures, masks, layer_parts(recipe, lambda s: document.read_part(opened, s))


def without_pixels(source: Any) -> Any:
    """The same source, its pixels let go: what is needed to add a layer to it."""
    return replace(source, content=replace(source.content, data=b""), selection=None)
