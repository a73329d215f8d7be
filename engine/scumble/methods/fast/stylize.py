"""Paint a problem in one pass (Johnson et al. 2016; Dumoulin et al. 2017; Ghiasi et al. 2017)."""

from __future__ import annotations

import time

from ...networks.painting import paint
from ...networks.scene import Scene
from ...wire.request.request import Request
from ..base import Painted, Plan, Reporter
from ..device import choose_dtype
from ..problem import Problem
from .codes import cast
from .memory import band_of, estimate


class Fast:
    """See `base.Method`."""

    def estimate(self, request: Request) -> int:
        """See `base.Method`."""
        return estimate(request)

    def paint(self, problem: Problem, request: Request, report: Reporter, plan: Plan) -> Painted:
        """See `base.Method`; a frugal plan paints in narrow bands.

        Raises `cancelled`, `memory`, `weights-damaged`, `style-damaged`.
        """
        height, width = problem.content.shape[-2:]
        band = band_of(height * width, plan)
        device = problem.content.device
        dtype = choose_dtype(request.precision, device)
        chosen = cast(request.styles, problem.styles, problem.canvas_side, device, dtype)
        shares, visible = problem.regions.shares, problem.regions.visible
        scene = Scene.of(
            problem.content, chosen.painter.identity, chosen.codes, shares, visible, strength=request.strength
        )
        start = time.monotonic()

        def check(stage: int, of: int) -> None:
            report.check()
            passed = time.monotonic() - start
            report.progress(stage, of, f"{width}×{height}", {}, passed * (of - stage) / stage if stage else -1.0)

        picture = paint(chosen.painter.net, scene, check, dtype, band)
        return Painted(picture, 1, {}, chosen.painter.name, chosen.notes)


FAST = Fast()
