"""Paint a problem in one pass (Johnson et al. 2016; Dumoulin et al. 2017; Ghiasi et al. 2017)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from torch import Tensor

from ...networks.painting import paint
from ...networks.scene import Scene
from ...wire.notes import Note
from ...wire.request import Request
from ..base import Plan, Reporter
from ..device import choose_dtype
from ..memory import fast_band
from ..optimize.objective import Problem
from .codes import cast


@dataclass(frozen=True)
class Painted:
    """The painted picture, 1×3×H×W in [0, 1]; the network that painted it, and what the user should know."""

    picture: Tensor
    model: str
    notes: tuple[Note, ...]


def stylize(problem: Problem, request: Request, report: Reporter, plan: Plan) -> Painted:
    """Paint `problem`; a frugal plan paints in narrow bands.

    Raises `cancelled`, `memory`, `weights-damaged`, `style-damaged`.
    """
    height, width = problem.content.shape[-2:]
    band = fast_band(height * width, plan)
    device = problem.content.device
    dtype = choose_dtype(request.precision, device)
    chosen = cast(request.styles, problem.styles, problem.canvas_side, device, dtype)
    shares, visible = problem.regions.shares, problem.regions.visible
    scene = Scene.of(problem.content, chosen.painter.identity, chosen.codes, shares, visible, strength=request.strength)
    start = time.monotonic()

    def check(stage: int, of: int) -> None:
        report.check()
        passed = time.monotonic() - start
        report.progress(stage, of, f"{width}×{height}", {}, passed * (of - stage) / stage if stage else -1.0)

    picture = paint(chosen.painter.net, scene, check, dtype, band)
    return Painted(picture, chosen.painter.name, chosen.notes)
