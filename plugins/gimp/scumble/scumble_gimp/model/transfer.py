"""A whole run: layers read, painted by the engine, and added as new ones in one step of undo."""

from __future__ import annotations

from typing import Any, List, Mapping, Optional, Sequence, Tuple

from ..gimplib import Gimp
from ..pictures.editing import Result
from ..pictures.result import PaintedLayer, add_results, check_mode
from ..pictures.source import Source, read_layer, read_mask, sources_of
from ..pictures.views import bounds_of
from ..wire.editor.jobs.jobs import Job
from ..wire.editor.link import Link
from ..wire.editor.preview.sizes import fitting
from ..wire.editor.styles.library import styles_in, titles_of
from ..wire.protocol.blobs import Blobs
from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box
from ..wire.request.recipe import Recipe, build_request, layer_masks, layer_parts, layer_pictures
from ..wire.request.request import Request
from ..wire.request.sources import Pixels
from ..wire.request.stylechoice import StyleChoice
from .engine import ask
from .jobs import Jobs


def transfer(
    jobs: Jobs,
    image: Any,
    drawables: Sequence[Any],
    recipe: Recipe,
    selection_as: str = "mask",
    convert: bool = False,
    result: Optional[Result] = None,
) -> List[Any]:
    """Paint each layer; the new ones. Nothing is added unless all are done.

    With a `result` what that was painted from is painted, and takes its place. `selection_as` is “mask” or “alpha”;
    `convert` allows to make an image RGB. Raises what reading raises and what `Jobs` do, `document-closed` as soon as
    the image is closed.
    """
    recipe.check()
    cover = result.cover() if result is not None else None
    layers = [result.source] if result is not None else drawables
    sources = sources_of(image, layers, recipe.value("margin"), cover)
    check_mode(image, convert)
    pictures = layer_pictures(recipe, lambda s: read_layer(found(s.layer, s.name)))
    title, instead = title_of(jobs, recipe), result.layer if result is not None else None
    asked = [Job(title, recipe, source, instead) for source in sources]

    def make() -> List[Any]:
        results = [PaintedLayer(job.source, job.run.picture, job.run.pixels) for job in asked]
        return add_results(results, recipe, title, selection_as, convert, instead)

    with jobs.bringing(image, make) as place:
        for job in asked:
            jobs.paint(job, *asked_of(job.source, recipe, pictures))
    return place.layers


def found(identity: str, name: str) -> Any:
    """A drawable by its number in GIMP. Raises `layer-gone`."""
    item = Gimp.Item.get_by_id(int(identity)) if identity.isdecimal() else None
    if item is None or not item.is_valid() or not item.is_drawable():
        raise ScumbleError("layer-gone", name=name)
    return item


def title_of(jobs: Jobs, recipe: Recipe) -> str:
    """What a result is called; its jobs know by the same titles."""
    known = titles(jobs.link, recipe)
    jobs.know(known)
    return recipe.title(known)


def titles(link: Link, recipe: Recipe) -> Mapping[str, str]:
    """The titles of the library's styles by name; none where they are not needed or the engine does not tell."""
    if not any(s.source == "library" for s in recipe.styles):
        return {}
    try:
        return titles_of(styles_in(ask(link, "styles")))
    except ScumbleError:
        return {}


def asked_of(source: Source, recipe: Recipe, pictures: Mapping[int, Pixels]) -> Tuple[Request, Blobs]:
    """The request for what was read, and its data. Raises what reading masks and building do."""
    size = (source.content.format.width, source.content.format.height)
    masks = layer_masks(recipe, lambda s: read_mask(found(s.mask_layer, s.mask_name), source.area, size))
    parts = layer_parts(recipe, lambda s: part_of(source.image, s))
    place = source.content, source.selection, source.canvas
    return build_request(recipe, *place, pictures, masks, parts=parts)


def part_of(image: Any, style: StyleChoice, long_side: int = 0) -> Pixels:
    """The mask on a style's own picture, at most `long_side` long if wanted: over that where it is a layer, else over
    the whole canvas. Raises `layer-gone` and what `read_mask` does."""
    box = Box(0, 0, image.get_width(), image.get_height())
    if style.source == "layer":
        box = bounds_of(found(style.layer, style.name))
    size = fitting((box.width, box.height), long_side) if long_side else None
    return read_mask(found(style.part_layer, style.part_name), box, size)
