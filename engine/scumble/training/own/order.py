"""What a user wants to have learned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Order:
    """A style to learn: from which painting, on which photographs, for how long, and what the library says of it."""

    painting: Path
    content: Path
    name: str = ""
    title: str = ""
    artist: str = ""
    year: int | None = None
    licence: str = ""
    tags: tuple[str, ...] = ()
    alone: bool = False
    minutes: float | None = None
    steps: int = 0
    size: int = 256
    batch: int = 4
    out: Path | None = None
    resume: bool = False
    replace: bool = False
    device: str = "auto"
    seed: int = 1

    @property
    def kind(self) -> str:
        """What is learned: “code” or “network”."""
        return "network" if self.alone else "code"
