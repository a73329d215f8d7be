"""Which network paints a request, and the codes of its styles in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from ...features.registry import load_encoder
from ...networks.mixed import Kernels
from ...networks.models import network_digest
from ...networks.painter import SIZES, Painter, between, load_painter, load_painter_file, read_codes
from ...networks.predictor import TAPS
from ...styles.library import own_style_file
from ...wire.protocol.notes import Note
from ...wire.request.style import Style
from ..colortable import USUAL, Vividness
from ..problem import PaintedStyle
from ..scale import painting_scale

LEAST = SIZES[0] / 1.25  # pixels: a painting of fewer has strokes that are finer than any that were learned


@dataclass(frozen=True)
class Cast:
    """The painter of a run, the kernels of its K styles and how vivid they are, at what scale of the content it knows
    their strokes, how long their paintings are there in pixels (the least), what is computed in, and what the user
    should know."""

    painter: Painter
    styles: Sequence[Kernels]
    vivid: Sequence[Vividness]
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
        kernels, vivid = [alone.kernels(styles[0].name, sides[0])], [vividness_of(alone, styles[0].name)]
        return Cast(alone, kernels, vivid, scale, min(sides), dtype, limited)
    painter = load_painter("painter", device)
    found, vivids, strangers = [], [], []
    for style, source, file, size in zip(styles, sources, own, sides, strict=True):
        learned = _learned(painter, style, file, size)
        if learned is None:
            strangers.append((style.name or "style", "style-network" if file and file[1] == "network" else ""))
            learned = _predicted(painter, source, size, device), USUAL
        found.append(learned[0])
        vivids.append(learned[1])
    return Cast(painter, found, vivids, scale, min(sides), dtype, (*_notes(strangers), *limited))


def _learned(
    painter: Painter, style: Style, own: tuple[Path, str, str] | None, size: float
) -> tuple[Kernels, Vividness] | None:
    if style.picture is not None:
        return None
    if style.name in painter.codes:
        return painter.kernels(style.name, size), vividness_of(painter, style.name)
    if own is None or own[1] != "code" or own[2] != network_digest("painter"):
        return None  # learned for another network: only its statistics are still true
    device = next(painter.net.parameters()).device
    read = read_codes(own[0], style.name, painter)
    return painter.net.kernels(between(read.codes[style.name].to(device), size)), vividness_of(read, style.name)


def vividness_of(painter: Painter, name: str) -> Vividness:
    """How vivid a style is painted, the usual way where that was not measured."""
    known = painter.vivid.get(name)
    return USUAL if known is None else Vividness(*known.tolist())


def _predicted(painter: Painter, source: PaintedStyle, size: float, device: torch.device) -> Kernels:
    known = min(max(size, SIZES[0]), SIZES[-1])
    return painter.net.kernels(painter.predict(source.source.moments(load_encoder("slim", device), known, TAPS)))


def _notes(strangers: Sequence[tuple[str, str]]) -> list[Note]:
    found = []
    for code in ("style-predicted", "style-network"):
        names = [name for name, kind in strangers if (kind or "style-predicted") == code]
        found += [Note(code, {"names": names})] if names else []
    return found
