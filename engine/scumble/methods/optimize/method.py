"""The method *optimize*: loads the network, decides how much memory to take, and leaves the rest to an objective."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from ...features.registry import load_encoder
from ...features.weights import fetch_watched
from ...wire.request.request import Request
from ..base import Painted, Plan, Reporter
from ..device import choose_dtype
from ..problem import Problem
from .memory import estimate, least, saving_for
from .objectives import find_objective

FADES = 0.1  # strength below which the content is mixed in: no objective leaves it quite unchanged


class Optimize:
    """See `base.Method`."""

    def estimate(self, request: Request) -> int:
        """See `base.Method`."""
        return estimate(request)

    def least(self, request: Request) -> int:
        """See `base.Method`: checkpointed."""
        return least(request)

    def paint(self, problem: Problem, request: Request, report: Reporter, plan: Plan) -> Painted:
        """See `base.Method`. Raises `memory`, `diverged`, `layer-unknown`, `model-unsuited` and what weights raise."""
        device = problem.content.device
        paint = find_objective(request.objective)

        def watch(done: int, total: int) -> None:
            report.fetching(request.model, done, total)
            report.check()

        fetch_watched(request.model, watch)
        report.preparing("network", request.model)
        encoder = load_encoder(request.model, device, choose_dtype(request.precision, device))
        height, width = problem.content.shape[-2:]
        encoder.saving = saving_for(request, plan, encoder, height * width)
        report.preparing("styles")
        report.check()
        painted = _faded(problem, paint(problem, encoder, request, report))
        if problem.spared is None or request.objective == "neighbours":  # the others know of regions alone
            return painted
        return replace(painted, picture=torch.lerp(painted.picture, problem.content, problem.spared))


def _faded(problem: Problem, painted: Painted) -> Painted:
    """The painting, mixed with the content where styles have little strength of their own; at 0 the content alone."""
    far = problem.strength(1.0)
    if not isinstance(far, Tensor):
        return painted if far else replace(painted, picture=problem.content)
    cover = (far / FADES).clamp(0, 1)
    return replace(painted, picture=torch.lerp(problem.content, painted.picture, cover))


OPTIMIZE = Optimize()
