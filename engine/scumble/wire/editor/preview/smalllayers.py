"""The small pictures and masks of layers that a recipe names, each read once."""

from __future__ import annotations

from typing import Callable, Dict, Tuple

from ...request.recipe import Recipe, layer_masks, layer_parts, layer_pictures
from ...request.sources import Pixels
from ...request.stylechoice import StyleChoice
from .easel import Easel


class SmallLayers:
    """Reads by an easel, and keeps what it read until `forget`."""

    def __init__(self, easel: Easel) -> None:
        self._easel = easel
        self._kept: Dict[Tuple[str, ...], Pixels] = {}

    def forget(self) -> None:
        """They may have been painted on."""
        self._kept.clear()

    def read(self, recipe: Recipe) -> Tuple[Dict[int, Pixels], Dict[int, Pixels], Dict[int, Pixels]]:
        """Pictures, masks and parts by the style's index, as `build_request` takes them. Raises what reading raises."""
        easel = self._easel
        pictures = layer_pictures(recipe, lambda s: self._once(("picture", s.layer), easel.read_picture, s))
        masks = layer_masks(recipe, lambda s: self._once(("mask", s.mask_layer), easel.read_mask, s))
        parts = layer_parts(recipe, lambda s: self._once(("part", s.part_layer, s.layer), easel.read_part, s))
        return pictures, masks, parts

    def _once(self, key: Tuple[str, ...], read: Callable[[StyleChoice], Pixels], style: StyleChoice) -> Pixels:
        if key not in self._kept:
            self._kept[key] = read(style)
        return self._kept[key]
