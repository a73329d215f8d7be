"""Presets on the command line: the recipes that editors keep too, by their names or in files of one's own.

A style that is a file keeps its path; masks of files belong to one picture and stay out.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from ..wire.protocol.errors import ScumbleError
from ..wire.request import presets
from ..wire.request.recipe import Recipe
from ..wire.request.stylechoice import StyleChoice
from .flags import given_options
from .pictures import is_file, typed_style


def chosen_recipe(args: argparse.Namespace) -> Recipe:
    """The preset's options and styles, with what was typed on top. Raises as `load_preset` does."""
    preset = load_preset(args.preset) if args.preset else Recipe()
    typed = tuple(map(typed_style, args.style))
    return Recipe({**preset.options, **given_options(args)}, typed or preset.styles)


def load_preset(place: str) -> Recipe:
    """The recipe in a file, or in the preset of that name, which an editor may have saved.

    Raises `file-missing`, `preset-missing`, `preset-unreadable`, `recipe-newer`, `option-…`, and `layer-gone` for what
    is a layer of an editor's picture.
    """
    by_file = is_file(place) or _is_path(place)
    recipe = presets.read_preset(Path(place)) if by_file else presets.load_preset(place)
    for style in recipe.styles:
        if style.weight > 0 and style.source == "layer":
            raise ScumbleError("layer-gone", name=style.name)
        if style.weight > 0 and style.mask == "layer":
            raise ScumbleError("layer-gone", name=style.mask_name)
        if style.weight > 0 and style.part == "layer":
            raise ScumbleError("layer-gone", name=style.part_name)
    return recipe


def save_preset(place: str, recipe: Recipe) -> None:
    """Keep a recipe for `load_preset`, and for the editors where `place` is a name. Raises `file-write`."""
    kept = Recipe(recipe.options, tuple(s.for_another_picture() for s in recipe.styles))
    Recipe.from_plain(kept.to_plain())  # raises what is out of range
    if _is_path(place):
        presets.write_preset(Path(place), Path(place).stem, kept)
    else:
        presets.save_preset(place, replace(kept, styles=tuple(map(_found_anywhere, kept.styles))))


def _is_path(place: str) -> bool:
    return bool(Path(place).suffix) or any(c in place for c in ("/", os.sep))


def _found_anywhere(style: StyleChoice) -> StyleChoice:
    """Files by their whole paths: editors have no folder of ours to find them from."""
    if style.source != "file":
        return style
    part = os.path.abspath(style.part_name) if style.part == "file" else style.part_name
    return replace(style, name=os.path.abspath(style.name), part_name=part)
