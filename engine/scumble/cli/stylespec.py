"""How a style is written on the command line: NAME_OR_FILE[:WEIGHT[:STROKE]][@MASK].

`starry-night`, `starry-night:0.7`, `wave.jpg:0.3:1.5@sky.png`. Names and paths may hold colons and at-signs (drive
letters, odd file names): the reading that leaves most to the name wins if its files exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..wire.request.style import STYLE_OPTIONS
from .flags import read_option

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf)"
_TAIL = re.compile(rf"^(.+):({_NUMBER})$", re.I)


@dataclass(frozen=True)
class StyleSpec:
    """A style as typed: where it comes from, its share, its stroke size and the file of its mask.

    A preset may say in place of a mask that it applies where the picture is `selected`, or with `invert` where not.
    """

    source: str
    weight: float = 1.0
    stroke_size: float = 1.0
    mask: str = ""
    selected: bool = False
    invert: bool = False


def parse_style(text: str, exists: Callable[[str], bool]) -> StyleSpec:
    """The style that `text` describes; `exists` tells of a name or path whether it is a known style or a file.

    Raises `option-range` for a weight or stroke size out of range.
    """
    readings = list(_readings(text))
    fits = [r for r in readings if exists(r[0]) and (not r[2] or exists(r[2]))]
    source, numbers, mask = next(iter(fits), None) or _likeliest(readings)
    weight = read_option(STYLE_OPTIONS["weight"], numbers[0]) if numbers else 1.0
    stroke = read_option(STYLE_OPTIONS["stroke_size"], numbers[1]) if len(numbers) > 1 else 1.0
    return StyleSpec(source, weight, stroke, mask)


def _readings(text: str) -> Iterator[tuple[str, list[str], str]]:
    """All ways to read `text`: source, numbers, mask; first those that leave most to the source."""
    cuts = [i for i, c in enumerate(text) if c == "@" and 0 < i < len(text) - 1]
    for cut in [len(text), *reversed(cuts)]:
        source, mask, numbers = text[:cut], text[cut + 1 :], list[str]()
        yield source, list(numbers), mask
        while len(numbers) < 2 and (tail := _TAIL.match(source)):
            source = tail.group(1)
            numbers.insert(0, tail.group(2))
            yield source, list(numbers), mask


def _likeliest(readings: list[tuple[str, list[str], str]]) -> tuple[str, list[str], str]:
    """Where no file exists the last at-sign begins the mask and numbers are numbers, so that errors name the source."""
    mask = next((r[2] for r in readings if r[2]), "")
    return [r for r in readings if r[2] == mask][-1]
