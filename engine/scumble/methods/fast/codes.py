"""Which network paints a request, and the codes of its styles in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ...features.registry import load_encoder
from ...networks.painter import SIZES, Painter, load_painter
from ...networks.predictor import TAPS
from ...wire.notes import Note
from ...wire.request import Style
from ..optimize.objective import PaintedStyle

LIMIT = 1.25 * SIZES[-1]  # pixels: beyond, strokes are visibly finer than asked for


@dataclass(frozen=True)
class Cast:
    """The painter of a run, the styles' codes K×P in it, and what the user should know."""

    painter: Painter
    codes: Tensor
    notes: tuple[Note, ...] = ()


def cast(
    styles: Sequence[Style], sources: Sequence[PaintedStyle], side: float, device: torch.device, dtype: torch.dtype
) -> Cast:
    """Choose: *many-styles* when it has a code for every style, else *any-style* for all of them.

    `side` is the long side of the whole canvas in computed pixels; with a style's stroke size it says how large its
    strokes are to be. Raises `weights-missing`, `weights-damaged` and what a source raises.
    """
    painter = load_painter("many-styles", device, dtype)
    strangers = [s.name or "style" for s in styles if s.picture is not None or s.name not in painter.codes]
    sides = [side * s.stroke_size for s in styles]
    notes = [Note("strokes-limited", {"size": SIZES[-1]})] if max(sides) > LIMIT else []
    if not strangers:
        codes = [painter.code(s.name, n) for s, n in zip(styles, sides, strict=True)]
        return Cast(painter, torch.stack(codes), tuple(notes))
    painter, encoder = load_painter("any-style", device, dtype), load_encoder("slim", device)
    notes.insert(0, Note("style-predicted", {"names": strangers}))
    limited = [min(max(n, SIZES[0]), SIZES[-1]) for n in sides]
    moments = [s.source.moments(encoder, n, TAPS) for s, n in zip(sources, limited, strict=True)]
    return Cast(painter, torch.stack([painter.predict(m) for m in moments]), tuple(notes))
