"""A result that is to be painted anew: its layer, what it was painted from, and the selection it was painted in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Sequence, Tuple

from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import PixelFormat
from ..wire.request.geometry import Box
from ..wire.request.recipe import Recipe
from ..wire.request.sources import Pixels
from . import settings
from .formats import ALPHA, COVERAGE, mask_depth_of
from .source import layer_of
from .views import View, bounds_of, plain_view


@dataclass(frozen=True)
class Cover:
    """Takes the place of the image's selection: what a layer of ours covers, by its mask or its alpha."""

    view: View
    format: str
    depth: str

    @property
    def box(self) -> Box:
        """Where it lies on the canvas."""
        return self.view.box

    def read(self, box: Box) -> Pixels:
        """It over `box` of the canvas."""
        form = PixelFormat(box.width, box.height, 1, self.depth)
        return Pixels(form, self.view.read(box, self.format, form.nbytes), box.x, box.y)

    def read_small(self, box: Box, size: Any) -> bytes:
        """It in another size, 8 bits a pixel."""
        if self.format in COVERAGE.values():
            return self.view.read_small_mask(box, size)
        return self.view.read_small(box, size)[3::4]


@dataclass(frozen=True)
class Result:
    """A layer of ours, the layer `source` that it was painted from, and with which settings.

    Of a group `frames` are those layers, in their order; `source` is the first of them. The group `keys` led them.
    """

    layer: Any
    source: Any
    recipe: Recipe
    frames: Tuple[Any, ...] = ()
    keys: str = ""

    def cover(self) -> Optional[Cover]:
        """What it covers; None where it covers all that its source does."""
        return self._cover() if not self.frames else self.cover_of(self.source)

    def cover_of(self, frame: Any) -> Optional[Cover]:
        """What is covered of one of the frames, or of another where that was bare or its layer is gone."""
        there = [child for child in self.layer.get_children() if settings.stored_source(child)]
        own = [child for child in there if settings.stored_source(child) == frame.get_tattoo()]
        masked = [child for child in there if child.get_mask() is not None]
        found = own if own and (own[0].get_mask() is not None or not masked) else masked
        return Result(found[0], frame, self.recipe).cover() if found else None

    def _cover(self) -> Optional[Cover]:
        image, mask = self.layer.get_image(), self.layer.get_mask()
        depth = mask_depth_of(image)
        if mask is not None:
            return Cover(plain_view(mask), COVERAGE[depth], depth)
        if not self.layer.has_alpha():
            return None
        box = bounds_of(self.layer)
        views = (plain_view(self.layer), plain_view(self.source))
        mine, below = (v.read(box, ALPHA["u8"], box.width * box.height) for v in views)
        if mine == below and bounds_of(self.source) == box:
            return None
        return Cover(views[0], ALPHA[depth], depth)


def result_among(image: Any, drawables: Sequence[Any]) -> Optional[Result]:
    """The one chosen layer, where it is one of ours whose source is still there."""
    try:
        layer = layer_of(drawables[0]) if len(drawables) == 1 and drawables[0].is_valid() else None
    except ScumbleError:
        return None
    recipe, tattoo = (settings.stored(layer), settings.stored_source(layer)) if layer is not None else (None, 0)
    if layer is not None and layer.is_group() and recipe is not None:
        return _group_result(image, layer, recipe)
    source = image.get_layer_by_tattoo(tattoo) if recipe is not None and tattoo else None
    return Result(layer, source, recipe) if source is not None and recipe is not None else None


def _group_result(image: Any, group: Any, recipe: Recipe) -> Optional[Result]:
    """A group of painted frames; None where none of their sources is there."""
    tattoos, keys = settings.stored_frames(group)
    found = (image.get_layer_by_tattoo(tattoo) for tattoo in tattoos)
    frames = tuple(frame for frame in found if frame is not None)
    return Result(group, frames[0], recipe, frames, keys) if frames else None
