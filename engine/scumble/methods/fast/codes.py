"""Which network paints a request, and the codes of its styles in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from ...networks.mixed import Kernels
from ...networks.models import network_digest
from ...networks.painter import SIZES, Painter, load_painter, load_painter_file, read_codes
from ...styles.library import OwnPainter, own_style_file
from ...wire.protocol.notes import Note
from ...wire.request.style import Style
from ..colortable import USUAL, Vividness
from ..problem import PaintedStyle
from ..scale import painting_scale
from .borrowing import borrowed

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
    """The shipped painter with a learned code for each style that has one; each other borrows strokes.

    A single style with a network of its own is painted by that. `side` is the long side of the whole canvas in
    computed pixels; with a style's stroke size it says how large its strokes are to be. Raises `weights-missing`,
    `weights-damaged`, `style-damaged` and what a source raises.
    """
    own = [None if s.picture else own_style_file(s.name) for s in styles]
    scale = painting_scale([side * s.stroke_size for s in styles])
    sides = [scale * side * s.stroke_size for s in styles]
    limited = (Note("strokes-limited", {"size": SIZES[0]}),) if min(sides) < LEAST else ()
    if len(styles) == 1 and own[0] is not None and own[0].kind == "network":
        alone = load_painter_file(own[0].file, device)
        kernels, vivid = [alone.kernels(styles[0].name, sides[0])], [vividness_of(alone, styles[0].name)]
        return Cast(alone, kernels, vivid, scale, min(sides), dtype, limited)
    painter = load_painter("painter", device)
    found, vivids, strangers = [], [], []
    for style, source, file, size in zip(styles, sources, own, sides, strict=True):
        learned = _learned(painter, style, file, size)
        if learned is None:
            strangers.append((style.name or "style", "style-network" if file and file.kind == "network" else ""))
            learned = borrowed(painter, source.source, size, device), USUAL
        found.append(learned[0])
        vivids.append(learned[1])
    return Cast(painter, found, vivids, scale, min(sides), dtype, (*_notes(strangers), *limited))


def _learned(painter: Painter, style: Style, own: OwnPainter | None, size: float) -> tuple[Kernels, Vividness] | None:
    if style.picture is not None:
        return None
    if style.name in painter.codes:
        return painter.kernels(style.name, size), vividness_of(painter, style.name)
    if own is None or own.kind != "code" or own.network != network_digest("painter"):
        return None  # learned for another network: only its picture is still true
    read = read_codes(own.file, style.name, painter, own.base)
    read.codes = {n: c.to(next(painter.net.parameters()).device) for n, c in read.codes.items()}
    return read.kernels(style.name, size), vividness_of(read, style.name)


def vividness_of(painter: Painter, name: str) -> Vividness:
    """How vivid a style is painted, the usual way where that was not measured."""
    known = painter.vivid.get(name)
    return USUAL if known is None else Vividness(*known.tolist())


def _notes(strangers: Sequence[tuple[str, str]]) -> list[Note]:
    found = []
    for code in ("style-predicted", "style-network"):
        names = [name for name, kind in strangers if (kind or "style-predicted") == code]
        found += [Note(code, {"names": names})] if names else []
    return found
