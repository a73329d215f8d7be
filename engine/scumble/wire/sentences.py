"""Sentences from templates, filled with values that may have come over the wire: never a second error."""

from __future__ import annotations

from typing import Dict, Mapping, Union

Value = Union[str, int, float]


def fill(template: str, values: Mapping[str, object]) -> str:
    """The template with its fields filled; a missing value shows as “?”."""
    try:
        return template.format_map(_Blanks(values))
    except (ValueError, TypeError):  # a value from the wire of another type than the template formats
        return template


def plain_value(value: object) -> Value:
    """`value` as the wire can hold it."""
    fits = isinstance(value, int) and -(1 << 63) <= value < 1 << 64
    try:
        return value if fits or isinstance(value, (float, str)) else str(value)  # type: ignore[return-value]
    except ValueError:  # Python writes no number of thousands of digits
        return "?"


class _Blanks(Dict[str, object]):
    """Values for a template; a missing one shows as “?” rather than hiding the sentence behind a KeyError."""

    def __missing__(self, key: str) -> object:
        return _Blank()


class _Blank:
    def __format__(self, spec: str) -> str:
        return "?"
