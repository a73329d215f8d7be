"""What an optimization saves to continue from, and how far it had come by then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import torch
from torch import Tensor

from ..keeping import Keep, Kept


class Counting(Protocol):
    """What counts a run's steps and work."""

    @property
    def counted(self) -> tuple[int, float]:
        """Steps and work so far."""

    def go_on(self, step: int, work: float) -> None:
        """Count from here on as if so much had been done."""


class Trail:
    """A `Keep` with the steps that are told."""

    def __init__(self, keep: Keep, counting: Counting) -> None:
        self.keep, self.counting = keep, counting

    def due(self, ended: bool = False) -> bool:
        """See `Keep`."""
        return self.keep.due(ended)

    def save(self, name: str, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """See `Keep`."""
        self.keep.save(name, tensors, {**state, "counted": self.counting.counted})

    def load(self, name: str) -> Kept | None:
        """See `Keep`; steps are counted on from there."""
        kept = self.keep.load(name)
        if kept is not None:
            step, work = kept.state["counted"]
            if step > self.counting.counted[0]:
                self.counting.go_on(step, work)
        return kept


def named(name: str, tensors: list[Tensor]) -> dict[str, Tensor]:
    """A list of tensors under names."""
    return {f"{name}.{i}": t for i, t in enumerate(tensors)}


def listed(name: str, kept: Kept) -> list[Tensor]:
    """What `named` named."""
    count = sum(key.startswith(f"{name}.") for key in kept.tensors)
    return [kept.tensors[f"{name}.{i}"] for i in range(count)]


def state_of(generator: torch.Generator) -> dict[str, Tensor]:
    """A generator's state."""
    return {"generator": generator.get_state()}


def restore(generator: torch.Generator, kept: Kept) -> None:
    """Let `generator` go on as it was."""
    if "generator" in kept.tensors:
        generator.set_state(kept.tensors["generator"])
