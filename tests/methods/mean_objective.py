"""An objective for these tests: the mean colour of each style's own pixels, where it applies."""

from __future__ import annotations

import torch

from scumble.features.encoder import Encoder
from scumble.methods.base import Painted, Reporter
from scumble.methods.problem import Problem, no_picture_notes
from scumble.wire.request.request import Request


def paint(problem: Problem, encoder: Encoder, request: Request, report: Reporter) -> Painted:
    report.check()
    painted, lacking = torch.zeros_like(problem.content), []
    for share, style in zip(problem.regions.shares, problem.styles, strict=True):
        shown = style.source.picture(problem.canvas_side * style.stroke_size)
        if shown is None:
            lacking.append(style.source.name)
            color = style.source.colors()[0].to(painted)
        else:
            assert shown.pixels.shape[-2:] == shown.coverage.shape[-2:] and shown.pixels.device == painted.device
            weighted = (shown.pixels * shown.coverage).sum((0, 2, 3))
            color = weighted / shown.coverage.sum()
        painted += share * color.view(1, 3, 1, 1)
    report.progress(1, 1, "", {}, 0.0)
    return Painted(painted.clamp(0, 1), 1, {}, encoder.name, no_picture_notes(lacking))
