"""What optimize can strive for: objectives by name, each loaded when it is first asked for. No torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...wire.protocol.errors import ScumbleError
from ..table import Table

if TYPE_CHECKING:
    from ...features.encoder import Encoder
    from ...wire.request.request import Request
    from ..base import Painted, Reporter
    from ..problem import Problem

    Objective = Callable[[Problem, Encoder, Request, Reporter], Painted]

OBJECTIVES = Table(
    "objective",
    {
        "neighbours": "scumble.methods.optimize.neighbours:paint",
        "gram": "scumble.methods.optimize.statistics:paint",
        "covariance": "scumble.methods.optimize.distances:covariance",
        "sliced": "scumble.methods.optimize.distances:sliced",
        "patches": "scumble.methods.optimize.distances:patches",
    },
)


def register_objective(name: str, place: str) -> None:
    """Add an objective: `place` is “module:function” of a `paint(problem, encoder, request, report) -> Painted`.

    Each process that is to know it must do this. Such a function reports its steps, checks for cancellation before
    each, and returns a picture of the content's size.
    """
    OBJECTIVES.register(name, place)


def find_objective(name: str) -> Objective:
    """The objective called `name`. Raises `option-choice`."""
    known = OBJECTIVES.names()
    if name not in known:
        raise ScumbleError("option-choice", name="objective", value=name, choices=", ".join(known))
    objective: Objective = OBJECTIVES.load(name)
    return objective
