"""The objective at one scale: content, guided style and total variation, made from a problem's pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ...features.encoder import Encoder
from ...features.receptive import radii, strides
from ...losses import UNITS, ContentLoss, GramLoss, Guided, Loss, TotalLoss, TotalVariation, metric, moments
from ...styles.statistics import StyleSource
from ...wire.errors import ScumbleError
from ...wire.options import parse_layer
from ...wire.request import REQUEST_OPTIONS, Request
from .guidance import Regions, TapGuide, guide


@dataclass(frozen=True)
class PaintedStyle:
    """A style with its stroke size relative to the canvas."""

    source: StyleSource
    stroke_size: float


@dataclass(frozen=True)
class Problem:
    """What to optimize: the content 1×3×H×W in [0, 1], where (regions), with which styles.

    `canvas_side` is the long side of the whole canvas in the content's pixels: the measure of stroke sizes.
    """

    content: Tensor
    regions: Regions
    styles: Sequence[PaintedStyle]
    canvas_side: float


def layers(request: Request, option: str, encoder: Encoder) -> dict[str, float]:
    """Layer names and weights of a request's option. Raises `layer-unknown`."""
    chosen = dict(parse_layer(REQUEST_OPTIONS[option], entry) for entry in getattr(request, option))
    for name in chosen:
        if name not in encoder.names:
            known = ", ".join(encoder.names)
            raise ScumbleError("layer-unknown", model=encoder.name, layer=name, known=known)
    return {n: w for n, w in chosen.items() if w > 0}


def objective(problem: Problem, content: Tensor, ratio: float, encoder: Encoder, request: Request) -> TotalLoss:
    """The total loss at the scale of `content` (1×3×h×w), which is `ratio` times the problem's."""
    style_layers, content_layers = layers(request, "style_layers", encoder), layers(request, "content_layers", encoder)
    with torch.no_grad():
        taps = {*style_layers, *content_layers}
        maps = {t: f[0] for t, f in encoder(content, taps).items()} if taps else {}
    regions = problem.regions.resized((content.shape[-2], content.shape[-1]))
    units = UNITS[request.normalisation]
    terms: list[tuple[float, Loss]] = [(units.tv * request.tv_weight, TotalVariation())]
    for tap, weight in content_layers.items():
        w = F.interpolate(regions.visible[None, None], size=maps[tap].shape[-2:], mode="area")[0, 0]
        loss = ContentLoss.of(tap, maps[tap], w, encoder.head(tap), units)
        terms.append((units.content * request.content_weight * weight / sum(content_layers.values()), loss))
    side = problem.canvas_side * ratio
    targets = [s.source.moments(encoder, side * s.stroke_size, list(style_layers)) for s in problem.styles]
    for tap, weight in style_layers.items():
        at_tap = guide(regions, radii(encoder.names)[tap], strides(encoder.names)[tap])
        style = _guided(tap, at_tap, maps[tap], torch.stack([t[tap] for t in targets]), encoder, request)
        terms.append((units.style * request.style_weight * weight / sum(style_layers.values()), style))
    return TotalLoss(encoder, terms)


def _guided(tap: str, at: TapGuide, content: Tensor, styles: Tensor, encoder: Encoder, request: Request) -> Guided:
    """The style loss of one tap: each region wants its mixture of the styles' moments (K×(C+1)×(C+1))."""
    k, head = metric(len(content), encoder.head(tap), content), encoder.head(tap)
    width = len(content) if head is None else len(head.bias)
    with torch.no_grad():
        wanted = torch.einsum("rk,kij->rij", at.mixture, styles)
        # Strength walks from the content's own statistics to the styles'.
        targets = torch.lerp(moments(content, at.weights), wanted, request.strength)
    losses = [GramLoss.of(t, k, UNITS[request.normalisation], width) for t in targets]
    return Guided(tap, at.weights, losses, at.shares.tolist())
