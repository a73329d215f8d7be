"""A whole run: layers read, painted by the engine, and added as new ones in one step of undo."""

from __future__ import annotations

from functools import partial
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ..gimplib import Gimp
from ..pictures.result import Painted, add_results, check_mode
from ..pictures.source import Source, read_layer, read_mask, sources_of
from ..wire.errors import ScumbleError
from ..wire.link import Link
from ..wire.recipe import Pixels, Recipe, build_request
from ..wire.runs import Run
from .engine import Watch, ask, carry_out


def transfer(
    link: Link,
    image: Any,
    drawables: Sequence[Any],
    recipe: Recipe,
    selection_as: str = "mask",
    convert: bool = False,
    watch: Optional[Watch] = None,
) -> List[Any]:
    """Paint each layer; the new ones. Nothing is added unless all are done.

    `selection_as` is “mask” or “alpha”; `convert` allows to make an image RGB. `watch` sees each run, and may cancel
    it. Raises what reading, the engine and writing raise, `document-closed` as soon as the image is closed.
    """
    recipe.check()
    sources = sources_of(image, drawables, recipe.value("margin"))
    check_mode(image, convert)
    pictures = pictures_of(recipe)
    results = [_paint(link, source, recipe, pictures, watch) for source in sources]
    return add_results(results, recipe, recipe.title(titles_of(link, recipe)), selection_as, convert)


def pictures_of(recipe: Recipe, long_side: int = 0) -> Dict[int, Pixels]:
    """The style pictures that are layers, by the style's index. Raises `layer-gone`, `layer-empty`, `picture-large`."""
    chosen = {i: s for i, s in enumerate(recipe.styles) if s.source == "layer" and s.weight > 0}
    return {i: read_layer(found(s.layer, s.name), long_side) for i, s in chosen.items()}


def masks_of(recipe: Recipe, source: Source) -> Dict[int, Pixels]:
    """The styles' masks that are layers, over the source's content. Raises `layer-gone`, `picture-large`."""
    chosen = {i: s for i, s in enumerate(recipe.styles) if s.mask == "layer" and s.weight > 0}
    size = (source.content.format.width, source.content.format.height)
    return {i: read_mask(found(s.mask_layer, s.mask_name), source.area, size) for i, s in chosen.items()}


def found(identity: str, name: str) -> Any:
    """A drawable by its number in GIMP. Raises `layer-gone`."""
    item = Gimp.Item.get_by_id(int(identity)) if identity.isdecimal() else None
    if item is None or not item.is_valid() or not item.is_drawable():
        raise ScumbleError("layer-gone", name=name)
    return item


def titles_of(link: Link, recipe: Recipe) -> Mapping[str, str]:
    """The titles of the library's styles by name; none where they are not needed or the engine does not tell."""
    if not any(s.source == "library" for s in recipe.styles):
        return {}
    try:
        styles = ask(link, "styles").get("styles", ())
    except ScumbleError:
        return {}
    return {str(s.get("name")): str(s.get("title")) for s in styles}


def _paint(
    link: Link, source: Source, recipe: Recipe, pictures: Mapping[int, Pixels], watch: Optional[Watch]
) -> Painted:
    masks = masks_of(recipe, source)
    request, blobs = build_request(recipe, source.content, source.selection, source.canvas, pictures, masks)
    run = carry_out(link, request, blobs, partial(_look, source, watch))
    assert run.picture is not None  # it is done
    return Painted(source, run.picture, run.pixels)


def _look(source: Source, watch: Optional[Watch], run: Run) -> None:
    """Show the run, unless its image is gone."""
    if not source.image.is_valid():
        raise ScumbleError("document-closed")
    if watch is not None:
        watch(run)
