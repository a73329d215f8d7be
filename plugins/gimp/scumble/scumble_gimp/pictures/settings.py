"""Settings stored with a painted layer: a parasite, which is kept in an XCF file."""

from __future__ import annotations

import json
from typing import Any, Optional

from ..gimplib import Gimp
from ..wire.protocol.errors import ScumbleError
from ..wire.request.recipe import Recipe

NAME = "scumble-settings"
LONGEST = 1 << 20  # bytes; ours have some thousand at most


def store(layer: Any, recipe: Recipe) -> None:
    """Keep what painted `layer` with it."""
    text = json.dumps(recipe.to_plain(), separators=(",", ":"))  # in ASCII: a parasite takes no higher bytes
    layer.attach_parasite(Gimp.Parasite.new(NAME, Gimp.PARASITE_PERSISTENT, list(text.encode())))


def stored(layer: Any) -> Optional[Recipe]:
    """The settings that painted `layer`; None where there are none, or none that can be read."""
    parasite = layer.get_parasite(NAME)
    try:
        data = bytes(parasite.get_data()) if parasite is not None else b""
        return Recipe.from_plain(json.loads(data)) if 0 < len(data) <= LONGEST else None
    except (ScumbleError, ValueError, RecursionError):
        return None
