"""Dataclasses as plain dictionaries and back: what is at its default stays out, what is unknown is refused by name."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, Callable, Dict, List, Mapping, Tuple

from ..protocol.errors import ScumbleError
from .options import declared_options

Readers = Mapping[str, Callable[[object], Any]]


def plain_fields(obj: Any) -> Dict[str, Any]:
    """The fields of a dataclass that are not at their default, plain throughout."""
    values = {f.name: getattr(obj, f.name) for f in fields(obj) if getattr(obj, f.name) != f.default}
    return {name: _plain(value) for name, value in values.items()}


def read_fields(cls: type, plain: object, readers: Readers, name: str) -> Dict[str, Any]:
    """The values that `plain_fields` described, each checked: declared options as declared, others by their reader.

    `name` is what an error calls the whole. Raises `option-type`, `option-unknown` and what the checks raise.
    """
    if not isinstance(plain, Mapping):
        raise type_error(name, type(plain).__name__, "a dictionary")
    checks: Dict[str, Callable[[object], Any]] = {**readers, **{o.name: o.check for o in declared_options(cls)}}
    return {known(field, checks): checks[field](value) for field, value in plain.items()}


def known(name: object, names: Mapping[str, Any]) -> str:
    """`name` if it is one of `names`. Raises `option-unknown`."""
    if not isinstance(name, str) or name not in names:
        raise ScumbleError("option-unknown", name=str(name)[:60], known=", ".join(sorted(names)))
    return name


def read_list(name: str, value: object, read: Callable[[object], Any], expected: str) -> Tuple[Any, ...]:
    """Each entry of a list, read. Raises `option-type` for what is not a list."""
    if not isinstance(value, (list, tuple)):
        raise type_error(name, type(value).__name__, expected)
    return tuple(map(read, value))


def read_size(name: str, value: object) -> Tuple[int, int]:
    """A width and a height in pixels, each below 2³¹. Raises `option-type` for anything else."""
    if (
        not isinstance(value, (list, tuple))
        or len(value) != 2
        or not all(isinstance(v, int) and not isinstance(v, bool) and 0 <= v < 1 << 31 for v in value)
    ):
        raise type_error(name, repr(value), "width and height")
    return int(value[0]), int(value[1])


def type_error(name: str, value: object, expected: str) -> ScumbleError:
    """The error `option-type`."""
    return ScumbleError("option-type", name=name, value=str(value)[:60], expected=expected)


def _plain(value: object) -> Any:
    if hasattr(value, "to_plain"):
        return value.to_plain()
    if isinstance(value, tuple):
        plain: List[Any] = [_plain(v) for v in value]
        return plain
    return plain_fields(value) if is_dataclass(value) else value
