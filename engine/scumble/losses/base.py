"""What a loss is: a number made from pixels and features; and the units that papers measure losses in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from torch import Tensor

Features = Mapping[str, Tensor]  # tap → C×H×W


@dataclass(frozen=True)
class Seen:
    """What a loss may look at: pixels 1×3×h×w in [0, 1], and the features of the taps that it declared."""

    pixels: Tensor
    features: Features


class Loss(Protocol):
    """A differentiable number made from what is seen; `name` groups it in reports (“style”, “content”)."""

    @property
    def name(self) -> str:
        """Under which it is reported."""

    @property
    def taps(self) -> Collection[str]:
        """The taps that it reads; none for a loss of pixels alone, which then costs no pass through the encoder."""

    def __call__(self, seen: Seen) -> Tensor:
        """The loss of what is seen, a scalar."""


@runtime_checkable
class Stepping(Protocol):
    """A loss that changes from step to step, because it draws or matches something anew."""

    steps: int

    def next_step(self) -> None:
        """A step of the optimizer is about to be made. Between two calls the loss is one function of what is seen."""


@runtime_checkable
class Matching(Protocol):
    """A stepping loss that still uses what it matched some steps ago."""

    def matched(self) -> Sequence[Tensor]:
        """That; nothing before it has matched."""

    def restore(self, matched: Sequence[Tensor]) -> None:
        """Go on by what `matched` told."""


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
