"""What every method shares: how it reports, what it returns, and the memory plan it runs under."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..picture import Picture
from ..wire.notes import Note
from ..wire.pixels import PictureRef

LoadPicture = Callable[[PictureRef], Picture]


class Reporter(Protocol):
    """Where a method tells how far it is; the worker sends it on."""

    def progress(self, step: int, of: int, scale: str, losses: Mapping[str, float], seconds_left: float) -> None:
        """After each step. `scale` is the size computed, such as “512×384”."""

    def preview(self, rgb: NDArray[np.uint8]) -> None:
        """A small H×W×3 picture of the computed region."""

    def wants_preview(self) -> bool:
        """Whether a preview is due; making one costs time."""

    def check(self) -> None:
        """Raise `ScumbleError("cancelled")` when the job was cancelled; called before each step."""


@dataclass(frozen=True)
class Plan:
    """How much memory a run may take: 0 as fast as possible; each level more frugal than the last."""

    level: int = 0
    device: str = "cpu"
    bytes_free: int = 0  # 0: unknown


@dataclass(frozen=True)
class Outcome:
    """A finished run: the layer (RGBA, the content's depth and space, its offset on the canvas) and its account.

    `notes` tell the user what he should know although it went well.
    """

    layer: Picture
    steps: int
    losses: dict[str, float] = field(default_factory=dict)
    device: str = "cpu"
    model: str = ""
    notes: tuple[Note, ...] = ()
