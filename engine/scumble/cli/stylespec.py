"""How a style is written on the command line: NAME_OR_FILE[:WEIGHT[:STROKE]][@MASK][,NAME=VALUE…].

`starry-night`, `starry-night:0.7`, `wave.jpg:0.3:1.5@sky.png`, `starry-night,strength=.6,stroke=2`. Names and paths may
hold colons, commas and at-signs (drive letters, odd file names): the reading that leaves most to the name wins if its
files exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..wire.request.choices import EVERYWHERE, PARTS, PLACES
from ..wire.request.style import STYLE_OPTIONS
from ..wire.request.stylechoice import StyleChoice, source_of
from .flags import read_option

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf)"
_TAIL = re.compile(rf"^(.+):({_NUMBER})$", re.I)
NAMES = {"share": "weight", "stroke": "stroke_size", "strength": "strength", "keep": "content_weight"}
FILES = ("mask", "from")
_SETTING = re.compile(rf"^(.+),\s*({'|'.join((*NAMES, *FILES))})\s*=\s*([^,=@]*)$", re.S)


class _Reading(NamedTuple):
    """One way to read a text: what is left as the source, the numbers behind colons, the mask, the settings by name."""

    source: str
    numbers: tuple[str, ...]
    mask: str
    settings: tuple[tuple[str, str], ...]


def parse_style(text: str, is_named: Callable[[str], bool], is_file: Callable[[str], bool]) -> StyleChoice:
    """The style that `text` describes; `is_named` tells whether a name is a known style, `is_file` whether a file.

    Raises `option-range` or `option-type` for a number that is none, or out of range.
    """
    readings = list(_readings(text))
    known = (r for r in readings if is_named(r.source) or is_file(r.source))
    fits = (r for r in known if not r.mask or r.mask in PLACES or is_file(r.mask))
    found = next(fits, None) or _likeliest(readings)
    numbers = dict(zip(("weight", "stroke_size"), found.numbers, strict=False))
    files = {name: value.strip() for name, value in found.settings if name in FILES}
    numbers.update((NAMES[name], value.strip()) for name, value in found.settings if name not in FILES)
    read = {name: read_option(STYLE_OPTIONS[name], value) for name, value in numbers.items()}
    source = "library" if is_named(found.source) else "file" if is_file(found.source) else source_of(found.source)
    mask = _mask(found.mask or files.get("mask", ""), is_file)
    return StyleChoice(source, found.source, **_part(files.get("from", ""), is_file), **mask, **read)


def _mask(mask: str, is_file: Callable[[str], bool]) -> dict[str, Any]:
    """A mask file takes the place of a layer; what the engine is to find, such as “sky”, has a name."""
    if not mask or (mask in PLACES and not is_file(mask)):
        return {"mask": mask or "none"}
    return {"mask": "layer", "mask_name": mask, "mask_layer": mask}


def _part(part: str, is_file: Callable[[str], bool]) -> dict[str, Any]:
    """What of the style's own picture is taken: the same names, or a mask file."""
    if not part or (part in PARTS and not is_file(part)):
        return {"part": part or EVERYWHERE}
    return {"part": "file", "part_name": part}


def _readings(text: str, settings: tuple[tuple[str, str], ...] = ()) -> Iterator[_Reading]:
    """All ways to read `text`, first those that leave most to the source; a mask may stand before settings or last."""
    for source, numbers, mask in _of_colons(text):
        yield _Reading(source, tuple(numbers), mask, settings)
    for cut in [len(text), *reversed(_cuts(text))]:
        mask, found = text[cut + 1 :], _SETTING.match(text[:cut])
        if found:
            for reading in _readings(found[1], ((found[2], found[3]), *settings)):
                if not (mask and reading.mask):
                    yield reading._replace(mask=mask or reading.mask)


def _cuts(text: str) -> list[int]:
    """Where an at-sign may begin a mask."""
    return [i for i, c in enumerate(text) if c == "@" and 0 < i < len(text) - 1]


def _of_colons(text: str) -> Iterator[tuple[str, list[str], str]]:
    """The ways to read what stands before settings: source, numbers, mask."""
    for cut in [len(text), *reversed(_cuts(text))]:
        source, mask, numbers = text[:cut], text[cut + 1 :], list[str]()
        yield source, list(numbers), mask
        while len(numbers) < 2 and (tail := _TAIL.match(source)):
            source = tail.group(1)
            numbers.insert(0, tail.group(2))
            yield source, list(numbers), mask


def _likeliest(readings: list[_Reading]) -> _Reading:
    """Where no file exists all settings count, the last at-sign begins the mask and numbers are numbers, so that
    errors name the source."""
    most = max(len(r.settings) for r in readings)
    rest = [r for r in readings if len(r.settings) == most]
    mask = next((r.mask for r in rest if r.mask), "")
    return [r for r in rest if r.mask == mask][-1]
