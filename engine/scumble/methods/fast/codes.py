"""Which network paints a request, and the codes of its styles in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from ...features.registry import load_encoder
from ...networks.mixed import Kernels
from ...networks.models import network_digest
from ...networks.painter import SIZES, Painter, between, load_painter, load_painter_file, read_code
from ...networks.predictor import TAPS
from ...styles.library import own_style_file
from ...wire.protocol.notes import Note
from ...wire.request.style import Style
from ..problem import PaintedStyle
from ..scale import painting_scale

LEAST = SIZES[0] / 1.25  # pixels: a painting of fewer has strokes that are finer than any that were learned


@dataclass(frozen=True)
class Cast:
    """The painter of a run, the kernels of its K styles, at what scale of the content it knows their strokes, how long
    their paintings are there in pixels (the least), what is computed in, and what the user should know."""

    painter: Painter
    styles: Sequence[Kernels]
    scale: float
    strokes: float
    dtype: torch.dtype
    notes: tuple[Note, ...] = ()


def cast(
    styles: Sequence[Style], sources: Sequence[PaintedStyle], side: float, device: torch.device, dtype: torch.dtype
) -> Cast:
    """The shipped painter with a learned code for each style that has one, and a predicted one for each other.

    A single style with a network of its own is painted by that. `side` is the long side of the whole canvas in
    computed pixels; with a style's stroke size it says how large its strokes are to be. Raises `weights-missing`,
    `weights-damaged`, `style-damaged` and what a source raises.
    """
    own = [None if s.picture else own_style_file(s.name) for s in styles]
    scale = painting_scale([side * s.stroke_size for s in styles])
    sides = [scale * side * s.stroke_size for s in styles]
    limited = (Note("strokes-limited", {"size": SIZES[0]}),) if min(sides) < LEAST else ()
    if len(styles) == 1 and own[0] is not None and own[0][1] == "network":
        alone = load_painter_file(own[0][0], device)
        return Cast(alone, [alone.kernels(styles[0].name, sides[0])], scale, min(sides), dtype, limited)
    painter = load_painter("painter", device)
    found, strangers = [], []
    for style, source, file, size in zip(styles, sources, own, sides, strict=True):
        kernels = _learned(painter, style, file, size)
        if kernels is None:
            strangers.append((style.name or "style", "style-network" if file and file[1] == "network" else ""))
            kernels = _predicted(painter, source, size, device)
        found.append(kernels)
    return Cast(painter, found, scale, min(sides), dtype, (*_notes(strangers), *limited))


def _learned(painter: Painter, style: Style, own: tuple[Path, str, str] | None, size: float) -> Kernels | None:
    if style.picture is not None:
        return None
    if style.name in painter.codes:
        return painter.kernels(style.name, size)
    if own is None or own[1] != "code" or own[2] != network_digest("painter"):
        return None  # learned for another network: only its statistics are still true
    device = next(painter.net.parameters()).device
    return painter.net.kernels(between(read_code(own[0], style.name, painter).to(device), size))


def _predicted(painter: Painter, source: PaintedStyle, size: float, device: torch.device) -> Kernels:
    known = min(max(size, SIZES[0]), SIZES[-1])
    return painter.net.kernels(painter.predict(source.source.moments(load_encoder("slim", device), known, TAPS)))


def _notes(strangers: Sequence[tuple[str, str]]) -> list[Note]:
    found = []
    for code in ("style-predicted", "style-network"):
        names = [name for name, kind in strangers if (kind or "style-predicted") == code]
        found += [Note(code, {"names": names})] if names else []
    return found
