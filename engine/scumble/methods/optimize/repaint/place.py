"""How far painting over has come: what is saved of it, and how it continues from there."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...keeping import Kept
from ..trail import Trail, restore, state_of
from .search import Search

NAME = "repaint"


@dataclass
class Place:
    """The level, its round, and the passes of that round's search that were made."""

    trail: Trail
    generator: torch.Generator
    level: int = 0
    turn: int = 0
    passes: int = 0
    _kept: Kept | None = None

    @classmethod
    def of(cls, trail: Trail, generator: torch.Generator) -> Place:
        """Where it was broken off; the beginning otherwise."""
        kept = trail.load(NAME)
        if kept is None:
            return cls(trail, generator)
        at = kept.state
        return cls(trail, generator, at["level"], at["turn"], at["passes"], kept)

    def begin(self, level: int) -> tuple[Tensor, Tensor] | None:
        """The picture and the field with which a level goes on; None where it begins."""
        if self._kept is None or level != self.level:
            return None
        restore(self.generator, self._kept)
        return self._kept.tensors["now"], self._kept.tensors["field"]

    def cost(self) -> Tensor:
        """What the field costs as it was kept; empty where that is to be measured."""
        return self._kept.tensors["cost"] if self._kept else torch.empty(0)

    def next(self) -> None:
        """A round has ended: the next ones begin at their beginning, whatever was saved."""
        self._kept, self.turn, self.passes = None, 0, 0

    def save(self, level: int, turn: int, now: Tensor, search: Search, passes: int) -> None:
        """Keep where it is, if it is time."""
        if self.trail.due():
            tensors = {"now": now, "field": search.field, "cost": search.cost, **state_of(self.generator)}
            self.trail.save(NAME, tensors, {"level": level, "turn": turn, "passes": passes})
