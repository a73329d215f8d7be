"""Methods by name, each loaded when it is first asked for: the engine's front knows the names and loads no torch."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..wire.protocol.errors import ScumbleError
from ..wire.request.options import add_choice

if TYPE_CHECKING:
    from .base import Method


class Table:
    """What can be chosen by an option of the request: name → “module:attribute”."""

    def __init__(self, option: str, places: Mapping[str, str]) -> None:
        self.option, self._places = option, dict(places)

    def names(self) -> tuple[str, ...]:
        """The names, in the order they were given."""
        return tuple(self._places)

    def register(self, name: str, place: str) -> None:
        """Add `name`, found at `place`, and let requests choose it in this process."""
        module, _, attribute = place.partition(":")
        if not module or not attribute.isidentifier():
            raise ValueError(f"{place!r} is not module:attribute")
        self._places[name] = place
        add_choice(self.option, name)

    def load(self, name: str) -> Any:
        """What stands at the place of `name`. Raises KeyError, and what its module raises when it is imported."""
        module, _, attribute = self._places[name].partition(":")
        return getattr(importlib.import_module(module), attribute)


METHODS = Table("method", {"optimize": "scumble.methods.optimize.method:OPTIMIZE", "fast": "scumble.methods.fast:FAST"})


def method_names() -> tuple[str, ...]:
    """The methods that can be asked for."""
    return METHODS.names()


def register_method(name: str, place: str) -> None:
    """Add a method: `place` is “module:attribute” of a `base.Method`. Each process that is to know it must do this."""
    METHODS.register(name, place)


def find_method(name: str) -> Method:
    """The method called `name`. Raises `method-unavailable`."""
    known = method_names()
    if name not in known:
        raise ScumbleError("method-unavailable", method=name, known=", ".join(known))
    method: Method = METHODS.load(name)
    return method
