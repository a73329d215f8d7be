"""How an option is declared: once, as a dataclass field with its range, unit and help.

Command-line flags, panels and procedure arguments are made from these declarations.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Dict, List, Optional, Tuple

from ..protocol.errors import ScumbleError


@dataclasses.dataclass(frozen=True)
class Option:
    """One declared option: what a form needs to show it and a parser to check it."""

    name: str
    kind: str  # "float" | "int" | "bool" | "choice" | "text" | "layers"
    default: Any
    help: str
    low: Optional[float] = None
    high: Optional[float] = None
    unit: str = ""
    choices: Tuple[str, ...] = ()
    basic: bool = False  # shown first; the others wait under “More”
    label: str = ""  # what a form calls it
    choice_labels: Tuple[str, ...] = ()  # parallel to `choices`
    zero_label: str = ""  # what a form shows in place of 0, where 0 has a meaning of its own
    zero_is_full: bool = False  # 0 means all there is: a slider is full
    listed: bool = False  # a text that a form offers as a list, of what the engine has
    group: str = ""  # the heading under which a form shows it; the others come last
    methods: Tuple[str, ...] = ()  # of the declared methods, those that look at it; all where none is named
    picture: bool = True  # whether it changes the picture, so that another value is another result
    quick: Tuple[str, ...] = ()  # the choices that are soon painted
    quick_most: Optional[float] = None  # the largest number that is soon painted

    def check(self, value: object) -> Any:
        """`value` in the option's type. Raises `option-type`, `option-range` or `option-choice`."""
        return _CHECKS[self.kind](self, value)

    def honoured_by(self, method: str) -> bool:
        """Whether a method looks at it. One that is registered, and not declared, may look at anything."""
        return not self.methods or method in self.methods or method in _ADDED.get("method", ())

    def is_quick(self, value: Any) -> bool:
        """Whether a run can still be quick with this `value`."""
        if self.quick_most is not None:
            return bool(value <= self.quick_most and (value or not self.zero_label))
        return not self.quick or value in self.quick


def option(
    default: Any, help: str, label: str = "", *, kind: str = "", choices: Optional[Dict[str, str]] = None, **rest: Any
) -> Any:
    """A dataclass field that declares an option; its kind follows from the default unless given.

    `choices` are given with their labels.
    """
    if choices:
        kind, rest = "choice", dict(rest, choices=tuple(choices), choice_labels=tuple(choices.values()))
    meta = {"option": dict(rest, kind=kind or type(default).__name__, default=default, help=help, label=label)}
    return dataclasses.field(default=default, metadata=meta)


def same_option(cls: type, name: str) -> Any:
    """A field that declares what `cls` declares under `name`."""
    declared = next(f for f in dataclasses.fields(cls) if f.name == name)
    return dataclasses.field(default=declared.default, metadata=declared.metadata)


def declared_options(cls: type) -> List[Option]:
    """The options that a dataclass declares, in order."""
    return [Option(name=f.name, **f.metadata["option"]) for f in dataclasses.fields(cls) if "option" in f.metadata]


def _fail_type(o: Option, value: object, expected: str) -> ScumbleError:
    return ScumbleError("option-type", name=o.name, value=repr(value)[:60], expected=expected)


def _check_range(o: Option, value: float) -> None:
    low, high = o.low if o.low is not None else -math.inf, o.high if o.high is not None else math.inf
    if not low <= value <= high:
        raise ScumbleError("option-range", name=o.name, value=value, low=low, high=high)


def _float(o: Option, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _fail_type(o, value, "a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise _fail_type(o, value, "a finite number")
    _check_range(o, value)  # before float(), which cannot hold every whole number
    return float(value)


def _int(o: Option, value: object) -> int:
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
        raise _fail_type(o, value, "a whole number")
    _check_range(o, value)
    return int(value)


def _bool(o: Option, value: object) -> bool:
    if not isinstance(value, bool):
        raise _fail_type(o, value, "true or false")
    return value


def add_choice(name: str, choice: str) -> None:
    """Let the option `name` be `choice` too, in this process: for what is not declared but registered."""
    _ADDED.setdefault(name, []).append(choice)


def _choice(o: Option, value: object) -> str:
    choices = (*o.choices, *_ADDED.get(o.name, ()))
    if value not in choices:
        raise ScumbleError("option-choice", name=o.name, value=str(value)[:60], choices=", ".join(choices))
    return str(value)


def _text(o: Option, value: object) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise _fail_type(o, value, "a text of at most 200 characters")
    return value


def _layers(o: Option, value: object) -> Tuple[str, ...]:
    """Layer names, each with an optional weight: ``conv4_2`` or ``conv4_2:0.5``."""
    names = value.split() if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or len(names) > 32 or not all(isinstance(n, str) for n in names):
        raise _fail_type(o, value, "layer names")
    for name in names:
        parse_layer(o, name)
    return tuple(names)


def parse_layer(o: Option, entry: str) -> Tuple[str, float]:
    """A layer's name and weight from ``name`` or ``name:weight``."""
    name, _, weight = entry.partition(":")
    try:
        value = float(weight) if weight else 1.0
    except ValueError:
        raise _fail_type(o, entry, "layer names with weights, such as conv4_2:0.5") from None
    if not name or not math.isfinite(value) or not 0 <= value <= 1000:
        raise _fail_type(o, entry, "layer names with weights from 0 to 1000")
    return name, value


_ADDED: Dict[str, List[str]] = {}
_CHECKS = {
    "float": _float,
    "int": _int,
    "bool": _bool,
    "choice": _choice,
    "text": _text,
    "layers": _layers,
}
