"""How far an optimization of statistics has come: what is saved of it, and how it continues from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ....losses import TotalLoss
from ...keeping import Kept
from ..trail import Trail, listed, named
from .descent import Average, Descent, Guard

NAME = "scale"


@dataclass(frozen=True)
class Way:
    """What one scale changes from step to step."""

    descent: Descent
    average: Average
    guard: Guard
    loss: TotalLoss


class Station:
    """The scale, by its number, and what was kept of it until it goes on from there."""

    def __init__(self, trail: Trail, kept: Kept | None) -> None:
        self.trail, self.kept = trail, kept
        self.number = int(kept.state["number"]) if kept else 0

    @classmethod
    def of(cls, trail: Trail) -> Station:
        """Where the run was broken off; its beginning otherwise."""
        return cls(trail, trail.load(NAME))

    def at(self, number: int) -> None:
        """A scale begins."""
        if number != self.number:
            self.kept = None
        self.number = number

    @torch.no_grad()
    def resume(self, way: Way) -> int:
        """Let all go on as it was; how many of the scale's steps were made."""
        if self.kept is None:
            return 0
        state, tensors = self.kept.state, self.kept.tensors
        way.descent.picture.copy_(tensors["picture"])
        way.descent.remember(_unpacked(self.kept))
        way.average.weight = state["weight"]
        if "average" in tensors:
            way.average.value = tensors["average"]
        guard = way.guard
        guard.kept, guard.level = tensors["guarded"], state["level"]
        guard.count, guard.rollbacks = state["count"], state["rollbacks"]
        way.loss.restore(state["losses"], listed("loss", self.kept))
        self.kept = None
        return int(state["steps"])

    def save(self, way: Way, steps: int, ended: bool) -> None:
        """Keep where it is, if it is time."""
        if not self.trail.due(ended):
            return
        memory, average, guard = way.descent.memory(), way.average, way.guard
        counts, matched = way.loss.memory()
        tensors = {"picture": way.descent.picture.detach(), "guarded": guard.kept, **named("loss", matched)}
        if average.weight:
            tensors["average"] = average.value
        plain: dict[str, Any] = {"number": self.number, "steps": steps, "weight": average.weight, "level": guard.level}
        plain |= {"count": guard.count, "rollbacks": guard.rollbacks, "losses": counts}
        packed, numbers = _packed(memory)
        self.trail.save(NAME, tensors | packed, {**plain, "memory": numbers})


def _packed(memory: Mapping[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """An optimizer's memory as tensors by name, and its numbers; of a list of tensors its length."""
    tensors: dict[str, Tensor] = {}
    numbers: dict[str, Any] = {}
    for key, value in memory.items():
        if isinstance(value, Tensor):
            tensors[f"one {key}"] = value
        elif isinstance(value, list):
            tensors |= named(f"many {key}", value)
            numbers[key] = {"length": len(value)}
        else:
            numbers[key] = value
    return tensors, numbers


def _unpacked(kept: Kept) -> dict[str, Any]:
    memory: dict[str, Any] = {k[4:]: t.clone() for k, t in kept.tensors.items() if k.startswith("one ")}
    for key, value in kept.state["memory"].items():
        memory[key] = listed(f"many {key}", kept) if isinstance(value, dict) else value
    return memory
