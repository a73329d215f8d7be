"""The draft painted again with the styles' own paint: guided texture optimization (Kwatra et al. 2005), coarse to fine.

Deviations: patches are guided by the draft's blurred colours, and after each vote the draft's light and dark is laid
back in, so that faces keep their expression.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from ....styles.source import resized
from ...pixels import blurred, luma
from ...texture.views import Paint, Window, windows_of
from ..course import ROUNDS, Level
from ..trail import Trail
from .assign import assigned
from .atlas import GUIDE_BLUR, PATCH, Atlas, make_atlas
from .place import Place
from .search import Search, anywhere, carried, style_of
from .vote import voted

PASSES = 2
FIRST = 3  # times as many passes for what starts from nothing
LAST = 3  # pixels of the patches that vote last: smaller ones blur less
DETAIL = 0.7  # of the draft's detail that a finer level brings
LIGHT, COLOR = 3.0, 12.0  # pixels above which the draft's luma, and its colours, are kept
ORIENTATIONS = (0, 1, 2, 3)
MOST_PIXELS = 2_600_000  # of all views together


@dataclass(frozen=True)
class _Before:
    """What is left of a coarser level: its field, its size, and where its views lay."""

    field: Tensor
    size: tuple[int, int]
    atlas: Atlas

    def at(self, size: tuple[int, int], atlas: Atlas, wanted: Tensor | None, generator: torch.Generator) -> Tensor:
        """The field at this size; entries that now lie outside the paint, or in another style, get a new place."""
        field = carried(self.field, self.size, self.atlas, size, atlas)
        good = atlas.usable[field] if wanted is None else atlas.usable[field] & (style_of(atlas, field) == wanted)
        return torch.where(good, field, anywhere(atlas, wanted, len(field), generator))


@dataclass(frozen=True)
class Watching:
    """What goes on beside: `level` is told of every round, and `finish` may change a level's picture before the next
    one begins (by the level's number); `check` is asked often, and raises to end it; `trail` keeps where it is."""

    level: Callable[[Level, Tensor], None]
    finish: Callable[[int, Tensor], Tensor]
    check: Callable[[], None]
    trail: Trail


def repaint(
    target: Tensor, shares: Tensor, paints: Sequence[Paint], levels: Sequence[Level], seed: int, watching: Watching
) -> Tensor:
    """`target` (1×3×H×W in the styles' colours) made of the paints' patches, at the last level's size.

    `shares` (K×H×W) say where each style's paint is used. Raises what `watching.check` does.
    """
    side = max(target.shape[-2:])
    windows = _windows(paints, seed)
    generator = torch.Generator().manual_seed(seed)
    picture, before, place = target, None, Place.of(watching.trail, generator)
    for number, level in enumerate(levels):
        if number < place.level:
            continue
        size = (level.height, level.width)
        draft = resized(target, size)
        atlas = make_atlas([[w.view(max(size) / side) for w in style] for style in windows])
        there = F.interpolate(shares[None], size=size, mode="area")[0]
        wanted = assigned(there, seed)
        if (kept := place.begin(number)) is not None:
            now, field = kept
        elif before is None:
            now, field = draft, anywhere(atlas, wanted, size[0] * size[1], generator)
        else:
            now, field = _finer(picture, draft), before.at(size, atlas, wanted, generator)
        for turn in range(place.turn, ROUNDS):
            described = atlas.describe(now, blurred(draft, GUIDE_BLUR))
            search = Search(atlas, described, size, field, wanted, generator, watching.check, place.cost())
            passes = PASSES * (FIRST if number == 0 and turn == 0 else 1)
            search.run(passes, place.passes, partial(place.save, number, turn, now, search))
            last = number == len(levels) - 1 and turn == ROUNDS - 1
            now = _lit(voted(search, there, LAST if last else PATCH), draft)
            field = search.field
            watching.level(level, now)
            place.next()
        before = _Before(field, size, atlas.bare())
        del atlas, search  # what is refined next needs the room
        picture = watching.finish(number, now)
    return picture


def _windows(paints: Sequence[Paint], seed: int) -> list[list[Window]]:
    most = int((MOST_PIXELS / (len(paints) * len(ORIENTATIONS))) ** 0.5)
    return [windows_of(paint, ORIENTATIONS, most, seed + i) for i, paint in enumerate(paints)]


def _finer(picture: Tensor, wanted: Tensor) -> Tensor:
    """A coarser level's picture at the size of `wanted`, with part of the detail that is new there."""
    size, small = (wanted.shape[-2], wanted.shape[-1]), (picture.shape[-2], picture.shape[-1])
    return (resized(picture, size) + DETAIL * (wanted - resized(resized(wanted, small), size))).clamp(0, 1)


def _lit(picture: Tensor, draft: Tensor) -> Tensor:
    """`picture` with the light and dark of `draft`, and its colours where they are large."""
    light = blurred(draft, LIGHT) - blurred(picture, LIGHT)
    color = blurred(draft, COLOR) - blurred(picture, COLOR)
    return (picture + luma(light) + color - luma(color)).clamp(0, 1)
