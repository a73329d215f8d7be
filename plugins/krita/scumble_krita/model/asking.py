"""From what was chosen and what lies open to a request: the pictures and masks that styles take from layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, Mapping, Tuple

from ..pictures import document
from ..wire.blobs import Blobs
from ..wire.recipe import Pixels, Recipe, StyleChoice, build_request
from ..wire.request import Request

Read = Callable[[StyleChoice], Pixels]


def ask_for(recipe: Recipe, source: Any) -> Tuple[Request, Blobs]:
    """The request for `source` (a `document.Source`) and its blobs. Raises what reading and building do."""
    pictures = style_pictures(recipe, lambda s: document.read_layer(source.document, s.layer))
    masks = style_masks(recipe, lambda s: document.read_mask(source.document, s.mask_layer, source.box))
    return build_request(recipe, source.content, source.selection, source.canvas, pictures, masks)


def style_pictures(recipe: Recipe, read: Read) -> Dict[int, Pixels]:
    """The picture of each style that is a layer, by the style's index."""
    return {i: read(s) for i, s in enumerate(recipe.styles) if s.source == "layer" and s.weight > 0}


def style_masks(recipe: Recipe, read: Read) -> Dict[int, Pixels]:
    """The mask of each style whose mask is a layer, by the style's index."""
    return {i: read(s) for i, s in enumerate(recipe.styles) if s.mask == "layer" and s.weight > 0}


def without_pixels(source: Any) -> Any:
    """The same source, its pixels let go: what is needed to add a layer to it."""
    return replace(source, content=replace(source.content, data=b""), selection=None)


def titles_of(styles: Any) -> Mapping[str, str]:
    """Titles of the library's styles by name."""
    return {s.name: s.title for s in styles}
