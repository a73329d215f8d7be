"""The objective at one scale: content, guided style and total variation, made from a problem's pictures."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from ....features.encoder import Encoder
from ....losses import UNITS, ContentLoss, GramLoss, Guided, Loss, TotalLoss, TotalVariationLoss, View, moments
from ....wire.errors import ScumbleError
from ....wire.options import parse_layer
from ....wire.request import REQUEST_OPTIONS, Request
from ...problem import Problem
from .guidance import Guidance, guidance


def layers(request: Request, option: str, encoder: Encoder) -> dict[str, float]:
    """Layer names and weights of a request's option, the weights as shares. Raises `layer-unknown`."""
    chosen = dict(parse_layer(REQUEST_OPTIONS[option], entry) for entry in getattr(request, option))
    for name in chosen:
        if name not in encoder.names:
            known = ", ".join(encoder.names)
            raise ScumbleError("layer-unknown", model=encoder.name, layer=name, known=known)
    total = sum(chosen.values())
    return {n: w / total for n, w in chosen.items() if w > 0}


def objective(problem: Problem, encoder: Encoder, request: Request) -> TotalLoss:
    """The total loss of a problem at its own size."""
    taps = list(layers(request, "style_layers", encoder))
    sides = [problem.canvas_side * s.stroke_size for s in problem.styles]
    styles = [s.source.moments(encoder, n, taps) for s, n in zip(problem.styles, sides, strict=True)] if taps else []
    guided = [_region(region, problem.content, styles, encoder, request) for region in guidance(problem.regions)]
    smooth = UNITS[request.normalisation].tv * request.tv_weight
    return TotalLoss(encoder, [*guided, Guided(View.whole(problem.content), 1.0, [(smooth, TotalVariationLoss())])])


@torch.no_grad()
def _region(
    region: Guidance, content: Tensor, styles: Sequence[dict[str, Tensor]], encoder: Encoder, request: Request
) -> Guided:
    """The content and style losses of one region."""
    style_layers, content_layers = layers(request, "style_layers", encoder), layers(request, "content_layers", encoder)
    taps, units = {*style_layers, *content_layers}, UNITS[request.normalisation]
    maps = {t: f[0] for t, f in encoder(region.view(content), taps).items()} if taps else {}
    weights = {
        t: F.interpolate(region.weight[None, None], size=m.shape[-2:], mode="area")[0, 0] for t, m in maps.items()
    }
    losses: list[tuple[float, Loss]] = []
    for tap, share in content_layers.items():
        loss = ContentLoss.of(tap, maps[tap], weights[tap], encoder.head(tap), units)
        losses.append((units.content * request.content_weight * share, loss))
    for tap, share in style_layers.items():
        wanted = torch.einsum("k,kij->ij", region.mixture, torch.stack([s[tap] for s in styles]))
        # Strength walks from the content's own statistics to the styles'.
        target = torch.lerp(moments(maps[tap], weights[tap]), wanted, request.strength)
        style = GramLoss.of(tap, target, weights[tap], encoder.head(tap), units)
        losses.append((units.style * request.style_weight * share, style))
    return Guided(region.view, region.share, losses)
