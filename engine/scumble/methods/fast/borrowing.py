"""A style that was never learned is painted with the strokes of the learned one that is most like it, in its own
colours and with its own texture: those need no learning."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ...features.registry import load_encoder, weights_digest
from ...networks.doubling import Kernel
from ...networks.likeness import SIDE, look_of, most_alike
from ...networks.mixed import Kernels
from ...networks.painter import Painter, between
from ...styles.card import load_card
from ...styles.kept import Kept
from ...styles.source import StyleSource
from ..colors import Palette, Recoloring
from ..pixels import LUMA
from .looks import mark_of

KEPT = 64
GROWS = 1.0  # how much further apart in chroma borrowed strokes may be than they are in the style that they are from


def borrowed(painter: Painter, source: StyleSource, size: float, device: torch.device) -> Kernels:
    """Strokes for a style with its long side at `size` pixels. Raises what showing it does."""
    shown = source.picture(SIDE)
    if shown is None or not painter.looks:  # statistics alone: the mean of all that was learned
        return painter.net.kernels(between(torch.stack(list(painter.codes.values())).mean(0), size))
    look = _LOOKS.get((mark_of(shown),), lambda: look_of(load_encoder("slim", device), shown.pixels, shown.coverage))
    name = most_alike(look, painter.looks)
    *strokes, last = painter.kernels(name, size)
    lent, own = (_palette(c) for c in (load_card(name, weights_digest("slim")).colors(), source.colors()))
    return [*strokes, _in_colors(last, chroma_change(lent, own).to(device))]


def chroma_change(lent: Palette, own: Palette) -> Tensor:
    """How strokes 3×… of the palette `lent` come to vary in chroma as `own` does; their light stays: 3×3, float32.

    Gray paint has gray strokes; what is colourful gets no more colour than was lent.
    """
    light = torch.ones(3, 1, dtype=torch.float64) @ torch.tensor([LUMA], dtype=torch.float64)
    chroma = torch.eye(3, dtype=torch.float64) - light
    lent, own = (Palette(p.mean, chroma @ p.covariance.cpu() @ chroma.t()) for p in (lent, own))
    change = Recoloring.between(lent, own).change.double()
    values, axes = torch.linalg.eigh((change + change.t()) / 2)
    bounded = axes @ torch.diag(values.clamp(0, GROWS)) @ axes.t()
    whole: Tensor = light + chroma @ bounded @ chroma
    return whole.float()


def _in_colors(last: Kernel, change: Tensor) -> Kernel:
    """The last convolution, whose strokes are turned in colour."""
    return Kernel(torch.einsum("ij,jckl->ickl", change, last.weight), change @ last.bias)


def _palette(colors: Sequence[Tensor]) -> Palette:
    mean, covariance = colors
    return Palette(mean.double(), covariance.double())


_LOOKS: Kept[Tensor] = Kept(KEPT)
