"""A method for these tests: the content's negative where the selection is, at once."""

from __future__ import annotations

from scumble.methods.base import Painted, Plan, Reporter
from scumble.methods.problem import Problem
from scumble.wire.request.request import Request


class Negative:
    """See `scumble.methods.base.Method`."""

    def estimate(self, request: Request) -> int:
        return 1 << 20

    def paint(self, problem: Problem, request: Request, report: Reporter, plan: Plan) -> Painted:
        report.check()
        height, width = problem.content.shape[-2:]
        report.progress(1, 1, f"{width}×{height}", {"regret": 0.5}, 0.0)
        return Painted(1 - problem.content, 1, {"regret": 0.5}, "pencil")


NEGATIVE = Negative()
