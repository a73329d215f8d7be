"""The process that learns a style, in earnest but on little: so it takes seconds."""

from __future__ import annotations

import sys
from dataclasses import replace

from scumble.styles.statistics import PictureStyle
from scumble.training.own import contents, process, targets, trainstyle
from scumble.training.own.order import Order

STEPS = 3  # where minutes were asked for


def make_quick() -> None:
    """Statistics of small pictures, few crops, no examples."""
    real = PictureStyle.moments
    PictureStyle.moments = lambda self, e, side, taps: real(self, e, min(side, 64), taps)  # type: ignore[method-assign]
    targets.SIZES = (64, 64, 64)
    targets.VARIANTS = 1
    contents.BANK = 6
    trainstyle.STEPS_A_PAIR = 10**6
    trainstyle.SHEET_SECONDS = 0  # one with each step
    asked = process.Process._order
    process.Process._order = lambda self: few(asked(self))  # type: ignore[method-assign]


def few(order: Order) -> Order:
    return replace(order, steps=order.steps or STEPS, minutes=None, size=64, batch=1)


if __name__ == "__main__":
    make_quick()
    sys.exit(process.main(sys.argv[1:]))
