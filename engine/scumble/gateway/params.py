"""`params` of a call: our options by their names, and the names and units that other programs send.

`content_weight` 1e5, `style_weight` 1e1 and `resolution` "512x512" are what programs written for Gatys et al. (2016)
send. The weights' units are another network's, so that only what is asked for beside these numbers can be carried over:
1e5 is our 1 of the content, 1e1 our 1 of the style. docs/gateway.md tells it to users.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..wire.protocol.errors import ScumbleError
from ..wire.request.options import Option
from ..wire.request.request import REQUEST_OPTIONS
from .problems import malformed

UNIT = {"content_weight": 1e5, "style_weight": 1e1}  # of theirs, for 1 of ours
RESOLUTION = re.compile(r"(\d{1,5})\s*[x×X]\s*(\d{1,5})")
LEAST_SIDE, MOST_SIDE = 16, 16384
HELD_BACK = ("preview_size", "preview_seconds", "device", "precision", "checkpointing")  # the machine's own business


@dataclass(frozen=True)
class Params:
    """Options by name, and the box that the picture is to fit into; (0, 0) is its own size."""

    options: Mapping[str, Any]
    box: tuple[int, int] = (0, 0)


def offered() -> dict[str, Option]:
    """The options that a caller may give."""
    return {name: o for name, o in REQUEST_OPTIONS.items() if name not in HELD_BACK}


def read_params(given: object) -> Params:
    """What `params` says: a dictionary, or JSON of one. Raises `body-malformed`, `option-…`."""
    if isinstance(given, str):
        given = parse_json(given)
    if given is None:
        return Params({})
    if not isinstance(given, Mapping):
        raise malformed("params is not an object")
    known, options, box = offered(), dict[str, Any](), (0, 0)
    for name, value in given.items():
        if name == "resolution":
            box = _box(value)
        elif name not in known:
            raise ScumbleError("option-unknown", name=str(name)[:60], known=", ".join(["resolution", *known]))
        elif name in UNIT:
            options[name] = _weight(known[name], value, UNIT[name])
        else:
            options[name] = known[name].check(value)
    return Params(options, box)


def parse_json(text: str | bytes) -> Any:
    """What a text says; NaN and the like are no JSON. Raises `body-malformed`."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as e:
        raise malformed(f"it is not JSON ({str(e)[:80]})") from e


def _no_number(text: str) -> float:
    raise ValueError(text)


def _weight(option: Option, value: object, unit: float) -> float:
    low, high = (option.low or 0.0) * unit, (option.high or 0.0) * unit
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ScumbleError("option-type", name=option.name, value=repr(value)[:40], expected="a number")
    if not (math.isfinite(value) and low <= value <= high):
        raise ScumbleError("option-range", name=option.name, value=value, low=low, high=high)
    return float(value) / unit


def _box(value: object) -> tuple[int, int]:
    found = RESOLUTION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ScumbleError("option-type", name="resolution", value=repr(value)[:40], expected="width and height")
    sides = int(found[1]), int(found[2])
    for side in sides:
        if not LEAST_SIDE <= side <= MOST_SIDE:
            raise ScumbleError("option-range", name="resolution", value=side, low=LEAST_SIDE, high=MOST_SIDE)
    return sides


def params_schema() -> dict[str, Any]:
    """`params` for OpenAPI, made from the declared options."""
    properties = {name: _schema(o) for name, o in offered().items()}
    for name, unit in UNIT.items():
        option = REQUEST_OPTIONS[name]
        about = f"{option.help} {unit:g} is Scumble's default, 1; it is proportional."
        properties[name] = {"type": "number", "minimum": 0, "maximum": (option.high or 0) * unit, "default": unit}
        properties[name]["description"] = about
    properties["resolution"] = {
        "type": "string",
        "pattern": "^[0-9]{2,5}[x×X][0-9]{2,5}$",
        "example": "512x512",
        "description": "The picture is scaled down to fit into this box, its shape kept; left out, it keeps its size.",
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _schema(o: Option) -> dict[str, Any]:
    plain: dict[str, Any] = {"description": o.help}
    if o.kind == "layers":
        return {**plain, "type": "array", "items": {"type": "string"}, "default": list(o.default)}
    plain |= {"type": {"float": "number", "int": "integer", "bool": "boolean"}.get(o.kind, "string")}
    plain |= {"default": o.default}
    if o.choices:
        plain["enum"] = list(o.choices)
    if o.low is not None and o.high is not None:
        plain |= {"minimum": o.low, "maximum": o.high}
    return plain
