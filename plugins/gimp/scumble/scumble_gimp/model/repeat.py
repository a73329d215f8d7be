"""What was used last: the recipe as all of Scumble keeps it, and beside it what only GIMP knows of."""

from __future__ import annotations

import json
from typing import Any, Dict

from ..arguments import OUTPUT, Choices, drawable_of
from ..gimplib import Gimp
from ..wire.protocol.errors import ScumbleError
from ..wire.request.presets import load_last, save_last
from ..wire.request.recipe import Recipe

EDITOR = "gimp"
PARASITE = "scumble-output"  # GIMP's own, which it keeps when it ends


def remember(choices: Choices) -> None:
    """Keep what is used now."""
    save_last(EDITOR, choices.recipe)
    text = json.dumps({o.name: getattr(choices, o.name) for o in OUTPUT})
    Gimp.attach_parasite(Gimp.Parasite.new(PARASITE, Gimp.PARASITE_PERSISTENT, list(text.encode())))


def last_choices() -> Choices:
    """What was used last. Raises `styles-missing` where there is nothing, `layer-gone` for a layer that is gone."""
    recipe = load_last(EDITOR)
    if recipe is None:
        raise ScumbleError("styles-missing")
    check_layers(recipe)
    return Choices(recipe, **_output())


def _output() -> Dict[str, Any]:
    """The options of the output; their defaults where nothing was kept."""
    parasite = Gimp.get_parasite(PARASITE)
    try:
        plain = json.loads(bytes(parasite.get_data()).rstrip(b"\0").decode()) if parasite is not None else {}
        return {o.name: o.check(plain[o.name]) for o in OUTPUT if o.name in plain}
    except (ScumbleError, ValueError, TypeError):
        return {}


def check_layers(recipe: Recipe) -> None:
    """Layers are known by numbers, which another session of GIMP gives to others: the name must fit too.

    Raises `layer-gone`.
    """
    for style in recipe.styles:
        chosen = [(style.layer, style.name)] if style.source == "layer" else []
        chosen += [(style.mask_layer, style.mask_name)] if style.mask == "layer" else []
        chosen += [(style.part_layer, style.part_name)] if style.part == "layer" else []
        for identity, name in chosen if style.weight > 0 else []:
            found = drawable_of(identity)
            if found is None or found.get_name() != name:
                raise ScumbleError("layer-gone", name=name)
