"""The objective at one scale: content, guided style and total variation, made from a problem's pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ....features.encoder import Encoder
from ....losses import UNITS, ContentLoss, Guided, Loss, TotalLoss, TotalVariationLoss, Units, View
from ....wire.protocol.errors import ScumbleError
from ....wire.request.choices import STYLE_LAYERS
from ....wire.request.options import parse_layer
from ....wire.request.request import REQUEST_OPTIONS, Request
from ...problem import Problem
from .guidance import Guidance, guidance
from .kind import GRAM, Gauge, Place, StyleKind


def layers(request: Request, option: str, encoder: Encoder) -> dict[str, float]:
    """Layer names and weights of a request's option, the weights as shares. Raises `layer-unknown`."""
    chosen = dict(parse_layer(REQUEST_OPTIONS[option], entry) for entry in getattr(request, option))
    for name in chosen:
        if name not in encoder.names:
            known = ", ".join(encoder.names)
            raise ScumbleError("layer-unknown", model=encoder.name, layer=name, known=known)
    total = sum(chosen.values())
    return {n: w / total for n, w in chosen.items() if w > 0}


def style_layers(request: Request, kind: StyleKind, encoder: Encoder) -> dict[str, float]:
    """The layers of the style loss: the user's, or the kind's own where he chose none. Raises `layer-unknown`."""
    if request.style_layers == STYLE_LAYERS:
        request = replace(request, style_layers=kind.layers)
    return layers(request, "style_layers", encoder)


def objective(problem: Problem, encoder: Encoder, request: Request, kind: StyleKind = GRAM) -> TotalLoss:
    """The total loss of a problem at its own size, with the style loss of `kind`."""
    gauge = Gauge(encoder, list(style_layers(request, kind, encoder)), problem.canvas_side, request.seed)
    styles = [kind.measure(s, gauge) for s in problem.styles] if gauge.taps else []
    guided = [_region(r, problem, styles, encoder, request, kind) for r in guidance(problem.regions)]
    smooth = units_of(request, kind).tv * request.tv_weight
    return TotalLoss(encoder, [*guided, Guided(View.whole(problem.content), 1.0, [(smooth, TotalVariationLoss())])])


def units_of(request: Request, kind: StyleKind) -> Units:
    """The units that losses are measured in."""
    return UNITS[request.normalisation if kind.papers_units else "relative"]


@torch.no_grad()
def _region(
    region: Guidance,
    problem: Problem,
    styles: Sequence[Mapping[str, Any]],
    encoder: Encoder,
    request: Request,
    kind: StyleKind,
) -> Guided:
    """The content and style losses of one region."""
    wanted, kept = style_layers(request, kind, encoder), layers(request, "content_layers", encoder)
    taps, units = {*wanted, *kept}, units_of(request, kind)
    maps = {t: f[0] for t, f in encoder(region.view(problem.content), taps).items()} if taps else {}
    weights = {
        t: F.interpolate(region.weight[None, None], size=m.shape[-2:], mode="area")[0, 0] for t, m in maps.items()
    }
    mixture, strength, kept_weight = _own(region.mixture, problem, request)
    losses: list[tuple[float, Loss]] = []
    for tap, share in kept.items():
        loss = ContentLoss.of(tap, maps[tap], weights[tap], encoder.head(tap), units)
        losses.append((units.content * kept_weight * share, loss))
    for tap, share in wanted.items():
        place = Place(tap, maps[tap], weights[tap], encoder.head(tap), mixture, strength, request.seed, units)
        style = kind.loss(place, [s[tap] for s in styles])
        losses.append((units.style * kind.weight * request.style_weight * share, style))
    return Guided(region.view, region.share, losses)


def _own(mixture: Tensor, problem: Problem, request: Request) -> tuple[Tensor, float, float]:
    """The mixture that a region wants, how far, and its content's weight, by what its styles say of themselves.

    Of a style that goes half as far half as much is wanted, and more of the content's own.
    """
    strengths, weights = ([getattr(s, n) for s in problem.styles] for n in ("strength", "content_weight"))
    weight = request.content_weight
    if len(set(weights)) > 1:
        weight *= float(mixture @ mixture.new_tensor(weights))
    elif weights:
        weight *= weights[0]
    if len(set(strengths)) <= 1:
        return mixture, request.strength * (strengths[0] if strengths else 1.0), weight
    far = mixture * mixture.new_tensor(strengths)
    total = float(far.sum())
    return (far / total if total else mixture), request.strength * total, weight
