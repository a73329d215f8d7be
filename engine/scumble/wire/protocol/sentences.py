"""Sentences from templates, filled with values that may have come over the wire: never a second error."""

from __future__ import annotations

from pathlib import PurePath
from typing import Dict, Mapping, Union

from .paths import readable

Value = Union[str, int, float]


def fill(template: str, values: Mapping[str, object]) -> str:
    """The template with its fields filled; a missing value shows as “?”."""
    try:
        return template.format_map(_Blanks({k: _in_words(v) for k, v in values.items()}))
    except (ValueError, TypeError):  # a value from the wire of another type than the template formats
        return template


def plain_value(value: object) -> Value:
    """`value` as the wire can hold it."""
    value = _in_words(value)
    fits = isinstance(value, int) and -(1 << 63) <= value < 1 << 64
    try:
        return value if fits or isinstance(value, (float, str)) else str(value)  # type: ignore[return-value]
    except ValueError:  # Python writes no number of thousands of digits
        return "?"


def _in_words(value: object) -> object:
    """A path as people read it; anything else as it is."""
    strange = isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value)
    return readable(value) if strange or isinstance(value, PurePath) else value  # type: ignore[arg-type]


class _Blanks(Dict[str, object]):
    """Values for a template; a missing one shows as “?” rather than hiding the sentence behind a KeyError."""

    def __missing__(self, key: str) -> object:
        return _Blank()


class _Blank:
    def __format__(self, spec: str) -> str:
        return "?"
