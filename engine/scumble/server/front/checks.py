"""Fields of a message, checked: what is not of the right type or range is refused by name."""

from __future__ import annotations

from typing import Any

from ...wire.protocol.errors import ScumbleError
from ..store.files import is_digest


def malformed(reason: str) -> ScumbleError:
    """A message that cannot be understood."""
    return ScumbleError("message-malformed", reason=reason)


def whole(header: dict[str, Any], name: str, low: int = 0) -> int:
    """A whole number from `low` on. Raises `message-malformed`."""
    value = header.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < low:
        raise malformed(f"“{name}” is not a whole number from {low}")
    return value


def seconds(header: dict[str, Any], name: str, most: float, default: float) -> float:
    """Seconds from 0 to `most`. Raises `message-malformed`."""
    value = header.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise malformed(f"“{name}” is not a number from 0 to {most:g}")
    return float(value)


def flag(header: dict[str, Any], name: str) -> bool:
    """True or false; false when left out. Raises `message-malformed`."""
    value = header.get(name, False)
    if not isinstance(value, bool):
        raise malformed(f"“{name}” is not true or false")
    return value


def text(header: dict[str, Any], name: str, longest: int = 200) -> str:
    """A text; empty when left out. Raises `message-malformed`."""
    value = header.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise malformed(f"“{name}” is not a text of at most {longest} characters")
    return value


def digest(value: object) -> str:
    """A blob's digest. Raises `message-malformed`."""
    if not isinstance(value, str) or not is_digest(value):
        raise malformed("a digest is not 64 hexadecimal digits")
    return value


def named(header: dict[str, Any]) -> list[str]:
    """The digests that a message names, wherever they stand in it."""
    found: dict[str, None] = {}
    level: list[object] = [header]
    while level:
        value = level.pop()
        if isinstance(value, dict):
            level.extend(value.values())
        elif isinstance(value, list):
            level.extend(value)
        elif is_digest(value):
            found[str(value)] = None
    return list(found)
