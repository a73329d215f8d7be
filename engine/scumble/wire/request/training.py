"""What is said of a style to learn, declared here and nowhere else: for the command line, dialogs and the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

from .options import declared_options, option

QUICK, GOOD = 3.0, 15.0  # minutes, of the two lengths that a dialog offers
MOST_TAGS = 20


@dataclass(frozen=True)
class TrainingOptions:
    """How a style is learned, and what the library says of it."""

    title: str = option("", "What the library calls the style.", "Name", kind="text", basic=True)
    tags: str = option("", "Words to find it by, with commas between them.", "Tags", kind="text", basic=True)
    photographs: str = option(
        "",
        "A folder of photographs to learn on, searched with all it holds; empty: your folder of pictures.",
        "Photographs",
        kind="text",
        basic=True,
    )
    minutes: float = option(12.0, "How long to train.", "Time", low=0.05, high=10000.0, unit="minutes", basic=True)
    steps: int = option(0, "End after so many steps; 0: only the minutes count.", "Steps", low=0, high=10**8)
    size: int = option(256, "Side of the photographs' crops.", "Crops", low=64, high=1024, unit="px")
    batch: int = option(4, "Crops in a step.", "Batch", low=1, high=64)
    seed: int = option(1, "Where chance begins.", "Seed", low=0, high=2**31 - 1)
    device: str = option("auto", "Where to compute: auto, cpu, cuda, cuda:1, mps.", "Device", kind="text")


TRAINING_OPTIONS = {o.name: o for o in declared_options(TrainingOptions)}


def tags_in(text: str) -> Tuple[str, ...]:
    """The tags in a line of words with commas between them, each once and in small letters."""
    found = (" ".join(tag.split()).lower()[:60] for tag in text.replace("，", ",").split(","))
    return tuple(dict.fromkeys(tag for tag in found if tag))[:MOST_TAGS]
