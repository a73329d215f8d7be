"""Presets on the command line: the recipes that editors keep too, by their names or in files of one's own.

A style that is a file keeps its path; masks of files belong to one picture and stay out. Files of earlier versions hold
a request in place of a recipe.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ..wire.protocol.errors import ScumbleError
from ..wire.request import presets
from ..wire.request.recipe import Recipe
from ..wire.request.stylechoice import StyleChoice
from .pictures import is_file, is_named
from .stylespec import StyleSpec


def load_preset(place: str) -> tuple[dict[str, Any], list[StyleSpec]]:
    """Options by name, and the styles; `place` is a file, or the name of a preset that an editor saved too.

    Raises `file-missing`, `preset-missing`, `preset-unreadable`, `recipe-newer`, `option-…`, and `layer-gone` for what
    is a layer of an editor's picture.
    """
    if is_file(place) or _is_path(place):
        recipe = presets.read_preset(Path(place))
        return _options(recipe), [_spec(c, Path(place).parent) for c in _counting(recipe)]
    recipe = presets.load_preset(place)
    return _options(recipe), [_spec(c, None) for c in _counting(recipe)]


def save_preset(place: str, options: dict[str, Any], styles: list[StyleSpec]) -> None:
    """Keep options and styles for `load_preset`, and for the editors where `place` is a name. Raises `file-write`."""
    by_name = not _is_path(place)
    recipe = Recipe(options, tuple(_choice(s, by_name) for s in styles))
    Recipe.from_plain(recipe.to_plain())  # raises what is out of range
    if by_name:
        presets.save_preset(place, recipe)
    else:
        presets.write_preset(Path(place), Path(place).stem, recipe)


def _is_path(place: str) -> bool:
    return bool(Path(place).suffix) or any(c in place for c in ("/", os.sep))


def _options(recipe: Recipe) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in recipe.options.items()}


def _counting(recipe: Recipe) -> list[StyleChoice]:
    """The styles that count, or all where none does: then it is said that all have weight 0."""
    return [s for s in recipe.styles if s.weight > 0] or list(recipe.styles)


def _spec(choice: StyleChoice, folder: Path | None) -> StyleSpec:
    if choice.source == "layer":
        raise ScumbleError("layer-gone", name=choice.name)
    if choice.mask == "layer":
        raise ScumbleError("layer-gone", name=choice.mask_name)
    name = _beside(choice.name, folder) if folder else choice.name
    return StyleSpec(name, choice.weight, choice.stroke_size, "", choice.mask == "selection", choice.invert)


def _choice(spec: StyleSpec, absolute: bool) -> StyleChoice:
    if is_named(spec.source):
        source, name = "library", spec.source
    else:  # editors have no folder of ours to find it from
        source, name = "file", os.path.abspath(spec.source) if absolute else spec.source
    mask = "selection" if spec.selected else "none"
    return StyleChoice(source, name, "", spec.weight, spec.stroke_size, mask, invert=spec.invert)


def _beside(name: str, folder: Path) -> str:
    """A style file may lie beside its preset."""
    beside = folder / name
    return str(beside) if is_file(str(beside)) and not is_file(name) else name
