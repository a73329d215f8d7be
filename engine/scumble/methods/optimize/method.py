"""The method *optimize*: loads the network, decides how much memory to take, and leaves the rest to an objective."""

from __future__ import annotations

from ...features.registry import load_encoder
from ...wire.request.request import Request
from ..base import Painted, Plan, Reporter
from ..device import choose_dtype
from ..problem import Problem
from .memory import estimate, least, wants_checkpointing
from .objectives import find_objective


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

        encoder = load_encoder(request.model, device, choose_dtype(request.precision, device), watch)
        height, width = problem.content.shape[-2:]
        encoder.checkpointing = wants_checkpointing(request, plan, encoder, height * width)
        return paint(problem, encoder, request, report)


OPTIMIZE = Optimize()
