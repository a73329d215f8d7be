"""What a run saves from time to time, so that an interrupted run can go on and comes to the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from .base import Reporter

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Kept:
    """What a run left: tensors as they were, to the bit, and a state of plain numbers, words and lists."""

    tensors: Mapping[str, Tensor]
    state: Mapping[str, Any]


class Keep(Protocol):
    """Where a run saves it, under a few names: each holds what was saved last under that name.

    A run must come to the same bits from any of them, alone or together, as from its beginning.
    """

    def due(self, ended: bool = False) -> bool:
        """Whether it is time to save; sooner where a scale has `ended`."""

    def save(self, name: str, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Leave this under `name`, in place of what was there. What cannot be written is not kept, and no error."""

    def load(self, name: str) -> Kept | None:
        """What an equal run left under `name`."""


class Forgetful:
    """Keeps nothing."""

    def due(self, ended: bool = False) -> bool:
        """See `Keep`."""
        return False

    def save(self, name: str, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """See `Keep`."""

    def load(self, name: str) -> Kept | None:
        """See `Keep`."""
        return None


def keep_of(report: Reporter) -> Keep:
    """Where the run of `report` leaves what it keeps: its `keep`, where it has one."""
    keep: Keep | None = getattr(report, "keep", None)
    return keep or Forgetful()
