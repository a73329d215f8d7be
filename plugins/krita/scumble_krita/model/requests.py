"""From what was chosen and what lies open to a request: the pictures and masks that styles take from layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Tuple

from ..pictures import document
from ..wire.protocol.blobs import Blobs
from ..wire.request.recipe import Recipe, build_request, layer_masks, layer_pictures
from ..wire.request.request import Request


def ask_for(recipe: Recipe, source: Any) -> Tuple[Request, Blobs]:
    """The request for `source` (a `document.Source`) and its blobs. Raises what reading and building do."""
    pictures = layer_pictures(recipe, lambda s: document.read_layer(source.document, s.layer, name=s.name))
    read_mask = lambda s: document.read_mask(source.document, s.mask_layer, source.box, s.mask_name)  # noqa: E731
    masks = layer_masks(recipe, read_mask)
    return build_request(recipe, source.content, source.selection, source.canvas, pictures, masks)


def without_pixels(source: Any) -> Any:
    """The same source, its pixels let go: what is needed to add a layer to it."""
    return replace(source, content=replace(source.content, data=b""), selection=None)
