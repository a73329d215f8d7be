"""What a preview by the fast method is refined to: painted over more pixels, with the very strokes of the result."""

from __future__ import annotations

import math
from typing import Optional, Tuple

from ...protocol.blobs import Blobs
from ...request.recipe import Recipe
from ...request.request import Request
from .easel import Easel, Small
from .pace import REFINED
from .requests import preview_request
from .smalllayers import SmallLayers


def finer_side(recipe: Recipe, small: Small, first: int, most: int) -> int:
    """At which long side the fast method paints in the end; 0 where that is no more than `first`, or another method's.

    Up to `REFINED` pixels of the canvas over the size of its strokes it paints every pixel: in a smaller picture other
    strokes come of that, and they would be larger. Where that takes more than `most`, fewer pixels are as good.
    """
    if recipe.value("method") != "fast" or not small.own:
        return 0
    share = small.long_side / max(small.canvas)
    strokes = max((s.stroke_size for s in recipe.styles if s.weight > 0), default=1.0)
    own = min(small.own, recipe.value("size") or small.own)
    side = min(own, max(REFINED, math.ceil(REFINED * share / strokes)))
    side = side if side <= most else min(REFINED, most)
    return side if side > min(first, own) else 0


class Finer:
    """Reads more pixels by an easel when they are wanted, and keeps them until `forget`: first looks need none."""

    def __init__(self, easel: Easel) -> None:
        self._easel, self._layers = easel, SmallLayers(easel)
        self._small: Optional[Small] = None
        self._side = 0

    def forget(self) -> None:
        """They may have been painted on."""
        self._small = None
        self._layers.forget()

    def request(self, recipe: Recipe, side: int) -> Tuple[Request, Blobs, Small]:
        """The request of a picture with this long side, its data, and what it is painted over.

        Raises what reading raises.
        """
        small = self._small if side == self._side else None
        if small is None:
            self.forget()
            small = self._small = self._easel.read_finer(side)
            self._side = side
        data = (small.content, small.selection, small.canvas)
        return (*preview_request(recipe, *data, *self._layers.read(recipe, small), side), small)
