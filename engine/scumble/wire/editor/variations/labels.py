"""What both editors say of variations: each a label and its help."""

from __future__ import annotations

from typing import Tuple

from ...words.translation import tr

Words = Tuple[str, str]


def open_words() -> Words:
    """The button that opens them."""
    return tr("Variations…"), tr(
        "Six ways on from what is set: other seeds, settings next to it, a walk to another style."
    )


def others_words() -> Words:
    """The button for other six."""
    return tr("Other six"), tr("Six others of the same kind.")


def on_words() -> Words:
    """The button that goes on from one."""
    return tr("On from this"), tr("Take the chosen one as it is, and look at six beside it.")


def use_words() -> Words:
    """The button that takes one."""
    return tr("Use this"), tr("Set styles and options to the chosen one's.")


def nothing_to_walk_to() -> str:
    """What is said where a walk has no second style."""
    return tr("There is no other style to walk to yet.")


def painting_words(at: int, count: int) -> str:
    """How far the six are."""
    return tr("Painting {n} of {count}…").format(n=at + 1, count=count)
