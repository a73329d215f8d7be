"""Settings stored with a painted layer: a parasite, which is kept in an XCF file."""

from __future__ import annotations

import json
from typing import Any, List, Optional, Sequence, Tuple

from ..gimplib import Gimp
from ..wire.protocol.errors import ScumbleError
from ..wire.request.recipe import Recipe

NAME = "scumble-settings"
SOURCE, SIZE = "scumble-source", "scumble-size"
FRAMES = (
    "scumble-frames"  # of a group: which layers its frames were painted from, in their order, and led by which group
)
LONGEST = 1 << 20  # bytes; ours have some thousand at most


def store(layer: Any, recipe: Recipe, source: Any = None) -> None:
    """Keep what painted `layer` with it, and from which layer of its image."""
    if source is not None:
        tattoo = str(source.get_tattoo()).encode()
        layer.attach_parasite(Gimp.Parasite.new(SOURCE, Gimp.PARASITE_PERSISTENT, list(tattoo)))
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


def stored_source(layer: Any) -> int:
    """The tattoo of the layer that `layer` was painted from, which GIMP keeps in a file; 0 where it is not known."""
    parasite = layer.get_parasite(SOURCE)
    text = bytes(parasite.get_data()).rstrip(b"\0") if parasite is not None else b""
    return int(text) if text.isdigit() and len(text) < 12 else 0


def store_frames(group: Any, frames: Sequence[Any], keys: str) -> None:
    """Keep with a group which layers were its frames, and the name of the group that led them."""
    text = json.dumps({"frames": [int(frame.get_tattoo()) for frame in frames], "keys": keys})
    group.attach_parasite(Gimp.Parasite.new(FRAMES, Gimp.PARASITE_PERSISTENT, list(text.encode())))


def stored_frames(group: Any) -> Tuple[List[int], str]:
    """The tattoos of a group's frames, and what led them; nothing where that is not known, or damaged."""
    parasite = group.get_parasite(FRAMES)
    data = bytes(parasite.get_data()).rstrip(b"\0") if parasite is not None else b""
    try:
        plain = json.loads(data) if 0 < len(data) <= LONGEST else {}
        return [int(tattoo) for tattoo in plain["frames"]], str(plain["keys"])
    except (LookupError, RecursionError, TypeError, ValueError):
        return [], ""


def keep_size(image: Any, recipe: Recipe) -> None:
    """Note with an image that a recipe's size was chosen for it; until it is closed."""
    text = str(recipe.value("size")).encode()
    image.attach_parasite(Gimp.Parasite.new(SIZE, 0, list(text)))


def suits(image: Any, recipe: Recipe) -> bool:
    """Whether the recipe's size was chosen for this image."""
    parasite = image.get_parasite(SIZE)
    kept = bytes(parasite.get_data()).rstrip(b"\0") if parasite is not None else b"0"
    return kept == str(recipe.value("size")).encode()
