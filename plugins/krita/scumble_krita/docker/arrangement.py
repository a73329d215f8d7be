"""How the docker shares its room out: plain numbers, in pixels. No widgets."""

from __future__ import annotations

from typing import NamedTuple

from ..dockparts import LEAST_TALL, TALLEST
from .jobview import Room

EDGE = 8  # around everything
NARROWEST = 150
SIDEWAYS_BELOW, SIDEWAYS_FROM = 380, 360  # px: where it is lower, and as wide, words stand beside
CARD = 100  # of height: a card with its picture beside the words, and the gap below it
LINE = 14  # of height: one more line of a card's title
SLIVER = 24  # of what scrolls, so that it can be seen that there is more
SWING = 32  # of height, so that nothing swings between two arrangements
TALL_ENOUGH = 420  # of height: what was said has a place of its own at the foot


class Arrangement(NamedTuple):
    """Whether the head stays in place, whether what was said does, and what cards may take."""

    head_stays: bool
    foot_stays: bool
    front: Room
    rest: Room


def arrange(width: int, height: int, head: int, stayed: bool, bar: int) -> Arrangement:
    """For a docker of `width` × `height`; engine and buttons take `head` of height, a scroll bar `bar` of width.

    `stayed` is whether the head stood in place until now.
    """
    needed = EDGE + head + EDGE + CARD + SLIVER
    stays = height >= (needed if stayed else needed + SWING)
    beside = height < SIDEWAYS_BELOW or width >= SIDEWAYS_FROM
    free = height - (head + EDGE if stays else 0) - 2 * EDGE  # for the card in front and what scrolls
    if not beside:
        tall = height // 3
    elif stays:
        tall = min(free - SLIVER - 2 * EDGE, round(0.38 * height))
    else:
        tall = min(LEAST_TALL + 8, free - 2 * EDGE)
    tall = max(48, min(TALLEST, tall))
    lines = 2 if free >= CARD + LINE else 1
    across = max(80, width - 2 * EDGE)
    rooms = [Room(max(80, wide), tall, lines, beside) for wide in (across, across - bar)]
    return Arrangement(stays, height >= TALL_ENOUGH, *rooms)
