"""What a method is given to paint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from ..styles.source import StyleSource
from ..wire.protocol.notes import Note
from .regions import Regions


@dataclass(frozen=True)
class PaintedStyle:
    """A style with its stroke size relative to the canvas."""

    source: StyleSource
    stroke_size: float


@dataclass(frozen=True)
class Problem:
    """What to paint: the content 1×3×H×W in [0, 1], where (regions), with which styles.

    `canvas_side` is the long side of the whole canvas in the content's pixels: the measure of stroke sizes.
    """

    content: Tensor
    regions: Regions
    styles: Sequence[PaintedStyle]
    canvas_side: float


def no_picture_notes(names: Sequence[str]) -> tuple[Note, ...]:
    """What a method tells that wanted the pictures of styles that have none; nothing without `names`."""
    return (Note("style-no-picture", {"names": list(names)}),) if names else ()
