"""What a form of the declared options goes by, in any editor: their names and groups, and what a method looks at."""

from __future__ import annotations

from typing import AbstractSet, Iterable, List, Optional, Tuple

from .options import Option
from .recipe import FAST_OPTIONS
from .words import tr

BALANCE = ("content_weight", "style_weight", "tv_weight", "normalisation", "content_layers", "style_layers")
STEPS = ("iterations", "start", "optimizer", "learning_rate", "min_size", "scale_factor", "clip", "averaging")
ENGINE = ("model", "device", "precision", "checkpointing", "margin")
HEADINGS = (("Balance", BALANCE), ("Steps", STEPS), ("Engine", ENGINE))
REST = "While it paints"
LOOKED_AT = {"fast": frozenset({"method", "size", *FAST_OPTIONS})}


def label_of(option: Option) -> str:
    """What a form calls an option, in the user's language."""
    return tr(option.label or option.name)


def labelled(option: Option) -> List[Tuple[str, str]]:
    """The choices, each with what a form calls it."""
    labels = option.choice_labels or option.choices
    return [(choice, tr(labels[i])) for i, choice in enumerate(option.choices)]


def grouped(options: Iterable[Option]) -> List[Tuple[str, List[Option]]]:
    """Options under headings (English); those that none claims come last, so that a new one is never lost."""
    left = {o.name: o for o in options}
    groups = [(title, [left.pop(n) for n in names if n in left]) for title, names in HEADINGS]
    return [(title, group) for title, group in [*groups, (REST, list(left.values()))] if group]


def looked_at(method: str) -> Optional[AbstractSet[str]]:
    """The options that a method looks at; None where it looks at all."""
    return LOOKED_AT.get(method)


def matches(option: Option, words: str) -> bool:
    """Whether each word is found in what the option is called or does."""
    text = f"{label_of(option)} {tr(option.help)} {option.name}".casefold()
    return all(w in text for w in words.casefold().split())
