"""The small pictures and masks of layers that a recipe names, each read once."""

from __future__ import annotations

from typing import Callable, Dict, Tuple

from ...request.recipe import Recipe, layer_masks, layer_parts, layer_pictures
from ...request.sources import Pixels
from .easel import Easel, Small


class SmallLayers:
    """Reads by an easel, and keeps what it read until `forget`."""

    def __init__(self, easel: Easel) -> None:
        self._easel = easel
        self._kept: Dict[Tuple[str, ...], Pixels] = {}

    def forget(self) -> None:
        """They may have been painted on."""
        self._kept.clear()

    def read(self, recipe: Recipe, over: Small) -> Tuple[Dict[int, Pixels], Dict[int, Pixels], Dict[int, Pixels]]:
        """Pictures, masks and parts by the style's index, as `build_request` takes them. Raises what reading raises.

        All are read for the same content, `over` which they are painted: `forget` before another.
        """
        once, easel = self._once, self._easel
        pictures = layer_pictures(recipe, lambda s: once(("picture", s.layer), lambda: easel.read_picture(s, over)))
        masks = layer_masks(recipe, lambda s: once(("mask", s.mask_layer), lambda: easel.read_mask(s, over)))
        parts = layer_parts(recipe, lambda s: once(("part", s.part_layer, s.layer), lambda: easel.read_part(s, over)))
        return pictures, masks, parts

    def _once(self, key: Tuple[str, ...], read: Callable[[], Pixels]) -> Pixels:
        if key not in self._kept:
            self._kept[key] = read()
        return self._kept[key]
