"""What every method is: how it reports, what it is given and returns, and the memory plan it runs under."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ..picture import Picture
from ..wire.protocol.notes import Note
from ..wire.protocol.pixels import PictureRef
from ..wire.request.request import Request

if TYPE_CHECKING:
    from torch import Tensor

    from .photoreal.look import Look
    from .problem import Problem

LoadPicture = Callable[[PictureRef], Picture]


class Reporter(Protocol):
    """Where a method tells how far it is; the worker sends it on."""

    def progress(self, step: int, of: int, scale: str, losses: Mapping[str, float], seconds_left: float) -> None:
        """After each step. `scale` is the size computed, such as “512×384”."""

    def preview(self, rgb: NDArray[np.uint8]) -> None:
        """A small H×W×3 picture of the computed region."""

    def wants_preview(self) -> bool:
        """Whether a preview is due; making one costs time."""

    def fetching(self, name: str, done: int, total: int) -> None:
        """Some times a second while weights of `name` are on their way here: bytes so far and in all (0: unknown)."""

    def preparing(self, what: str, name: str = "") -> None:
        """What is done before the first step: “pictures” read, the “network” `name` loaded, “styles” measured."""

    def check(self) -> None:
        """Raise `ScumbleError("cancelled")` when the job was cancelled; called before each step."""


@dataclass(frozen=True)
class Plan:
    """How much memory a run may take: 0 as fast as possible; each level more frugal than the last."""

    level: int = 0
    device: str = "cpu"
    bytes_free: int = 0  # 0: unknown


@dataclass(frozen=True)
class Painted:
    """What a method painted: 1×3×H×W in [0, 1], of the content's size; how many steps it took, and the last losses.

    `model` is the network that painted it; `notes` are what the user should know although it went well.
    """

    picture: Tensor
    steps: int
    losses: dict[str, float] = field(default_factory=dict)
    model: str = ""
    notes: tuple[Note, ...] = ()


class Method(Protocol):
    """A way to paint a problem. One object serves all runs, two at once among them: what it keeps it must lock."""

    def estimate(self, request: Request) -> int:
        """Bytes that a run takes at its peak, roughly."""

    def least(self, request: Request) -> int:
        """As `estimate`, where it saves as it can under a frugal plan; what `estimate` says where it cannot."""

    def paint(self, problem: Problem, request: Request, report: Reporter, plan: Plan) -> Painted:
        """Paint `problem` on the device of its content.

        Raises `cancelled` through `report.check`, and `memory` where `plan` leaves too little.
        """


@dataclass(frozen=True)
class Outcome:
    """A finished run: the layer (RGBA, the content's depth and space, its offset on the canvas) and its account.

    `notes` are what the user should know although it went well; `look` what is photorealistic of it, at any size.
    """

    layer: Picture
    steps: int
    losses: dict[str, float] = field(default_factory=dict)
    device: str = "cpu"
    model: str = ""
    notes: tuple[Note, ...] = ()
    look: Look | None = None
