"""What a preview asks for: a small run of the very method that OK will run, or a first look at it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Mapping, Optional, Tuple

from ...protocol.blobs import Blobs
from ...request.recipe import Recipe, build_request
from ...request.request import REQUEST_OPTIONS, Request
from ...request.sources import Pixels

LIVE_SECONDS = 0.4  # between the live pictures of a first look
SHIPPED = str(REQUEST_OPTIONS["model"].default)  # the network that is always here, and quick
LAYERS = ("content_layers", "style_layers")  # named after one network: another need not have them


def preview_request(
    recipe: Recipe,
    content: Pixels,
    selection: Optional[Pixels],
    canvas: Tuple[int, int],
    pictures: Mapping[int, Pixels],
    masks: Mapping[int, Pixels],
    parts: Mapping[int, Pixels],
    size: int,
) -> Tuple[Request, Blobs]:
    """As `build_request`, on a small content: what OK will paint, with a long side of at most `size` pixels.

    `canvas` is scaled as the content is, so that strokes have the size that they will have. Options that the method
    does not look at are left out, so that they make no other picture. `is_substituted` tells what else differs.
    """
    small = {"size": min(size, recipe.value("size") or size), "preview_size": 0}
    shown = Recipe({**_kept(recipe), **small}, recipe.styles)
    return build_request(shown, content, selection, canvas, pictures, masks, parts=parts)


def first_look(request: Request, iterations: int) -> Request:
    """A preview's request with fewer steps and with live pictures; itself where it takes no more steps anyway."""
    if request.method == "fast" or request.iterations <= iterations:
        return request
    return replace(request, iterations=iterations, preview_size=request.size, preview_seconds=LIVE_SECONDS)


def is_substituted(recipe: Recipe) -> bool:
    """Whether previews are by the shipped network in place of the chosen one, which may have to be downloaded first
    and takes ten times as long."""
    return bool(recipe.value("method") != "fast" and recipe.value("model") != SHIPPED)


def _kept(recipe: Recipe) -> Dict[str, Any]:
    method, left = recipe.value("method"), ("model", *LAYERS) if is_substituted(recipe) else ()
    idle = [o.name for o in REQUEST_OPTIONS.values() if not o.honoured_by(method)]
    return {k: v for k, v in recipe.options.items() if k not in (*left, *idle)}
