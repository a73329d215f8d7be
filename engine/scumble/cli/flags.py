"""Flags made from the declared options: none is declared again here."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from ..wire.protocol.errors import ScumbleError
from ..wire.request.options import Option
from ..wire.request.request import REQUEST_OPTIONS

METAVARS = {"float": "X", "int": "N", "text": "TEXT", "layers": "LAYERS", "choice": "NAME"}


def add_option_flags(parser: argparse.ArgumentParser, options: Mapping[str, Option] = REQUEST_OPTIONS) -> None:
    """A flag for each option, basic ones first; a flag that is not given leaves no trace in the namespace."""
    basic, more = parser.add_argument_group("options"), parser.add_argument_group("more options")
    for o in options.values():
        flag = "--" + o.name.replace("_", "-")
        group = basic if o.basic else more
        if o.kind == "bool":
            group.add_argument(
                flag, dest=o.name, action=argparse.BooleanOptionalAction, default=argparse.SUPPRESS, help=_help(o)
            )
        else:
            metavar = "|".join(o.choices) if 0 < len(o.choices) <= 4 else METAVARS[o.kind]
            group.add_argument(
                flag, dest=o.name, type=_reader(o), metavar=metavar, default=argparse.SUPPRESS, help=_help(o)
            )


def given_options(args: argparse.Namespace, options: Mapping[str, Option] = REQUEST_OPTIONS) -> dict[str, Any]:
    """The options whose flags were given, by name."""
    return {name: getattr(args, name) for name in options if hasattr(args, name)}


def read_option(o: Option, text: str) -> Any:
    """The option's value from what a user typed. Raises `option-type`, `option-range`, `option-choice`."""
    if o.kind == "layers":
        return o.check(text.replace(",", " "))
    if o.kind in ("float", "int"):
        try:
            return o.check(float(text) if o.kind == "float" else int(text))
        except ValueError:
            pass
    return o.check(text)


def _reader(o: Option) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return read_option(o, text)
        except ScumbleError as e:
            raise argparse.ArgumentTypeError(f"{e.sentence} {e.remedy}") from e

    return read


def _help(o: Option) -> str:
    """Help, range, unit and default of an option; argparse takes % for its own."""
    limits = "" if o.low is None or o.high is None else f"{o.low:.10g} to {o.high:.10g}{_unit(o)}; "
    default = " ".join(o.default) if isinstance(o.default, tuple) else o.default
    return f"{o.help} ({limits}default {default})".replace("%", "%%")


def _unit(o: Option) -> str:
    return f" {o.unit}" if o.unit else ""
