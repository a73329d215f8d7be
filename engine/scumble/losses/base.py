"""What a loss is: a number made from an encoder's features; and the units that papers measure losses in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

Features = Mapping[str, Tensor]  # tap → C×H×W


class FeatureLoss(Protocol):
    """A differentiable number made from features; `name` groups it in reports (“style”, “content”)."""

    @property
    def name(self) -> str:
        """Under which it is reported."""

    @property
    def tap(self) -> str:
        """The tap it reads."""

    def __call__(self, features: Features) -> Tensor:
        """The loss of `features`, a scalar."""


@dataclass(frozen=True)
class Units:
    """How a paper measures its losses, and the balance of weights that is “1” here.

    `relative` divides by the target's energy, so that weights mean the same for every network, layer and size.
    `gatys` is Gatys et al. 2016, equations 1 and 4; `johnson` is Johnson et al. 2016, equations 2 and 4.
    """

    name: str
    content: float
    style: float
    tv: float


# “relative” was balanced by looking and by judges that are not slim; the others stand as in their papers, untuned.
UNITS = {
    "relative": Units("relative", content=0.35, style=1.0, tv=1.0),
    "gatys": Units("gatys", content=1e-3, style=1.0, tv=1.0),
    "johnson": Units("johnson", content=1.0, style=5.0, tv=1.0),
}
