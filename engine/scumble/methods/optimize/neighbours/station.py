"""How far a descent has come: what is saved of it, and how it continues from there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ...keeping import Kept
from ..trail import Trail, listed, named, restore, state_of
from .adam import Adam
from .scene import Scene


@dataclass(frozen=True)
class Station:
    """A descent of one `name`, at the stage of this `number`; `kept` is where it was broken off, if it was."""

    trail: Trail
    name: str
    number: int
    kept: Kept | None

    @classmethod
    def of(cls, trail: Trail, name: str) -> Station:
        """Where it was broken off; its beginning otherwise."""
        kept = trail.load(name)
        return cls(trail, name, kept.state["number"] if kept else 0, kept)

    def at(self, number: int) -> Station:
        """The same at a stage, where the descent goes on if it was broken off there."""
        return self if number == self.number else replace(self, number=number, kept=None)

    @property
    def steps(self) -> int:
        """Steps of the stage that were made."""
        return int(self.kept.state["steps"]) if self.kept else 0

    def bands(self) -> list[Tensor]:
        """The picture's bands as they were; none where it begins."""
        return listed("band", self.kept) if self.kept else []

    @torch.no_grad()
    def resume(self, adam: Adam, scene: Scene, first: Tensor) -> Tensor:
        """Restore the optimizer and the scene as they were; the picture that was matched last."""
        if self.kept is None:
            return first
        adam.steps = self.steps
        adam.means, adam.squares = listed("mean", self.kept), listed("square", self.kept)
        if scene.similarity is not None:
            restore(scene.similarity.generator, self.kept)
        return self.kept.tensors["asked"]

    def save(self, steps: int, adam: Adam, scene: Scene, asked: Tensor, ended: bool) -> None:
        """Keep where it is, if it is time."""
        if not self.trail.due(ended):
            return
        tensors = {"asked": asked, **named("band", [t.detach() for t in adam.tensors])}
        tensors |= named("mean", adam.means) | named("square", adam.squares)
        if scene.similarity is not None:
            tensors |= state_of(scene.similarity.generator)
        self.trail.save(self.name, tensors, {"number": self.number, "steps": steps})
