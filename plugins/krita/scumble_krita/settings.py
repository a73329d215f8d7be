"""Settings stored with a painted layer: an annotation of its document, which is kept in a .kra file."""

from __future__ import annotations

import json
from typing import Any, Optional

from .log import logger
from .nodes import identity
from .wire.errors import ScumbleError
from .wire.recipe import Recipe

KEY = "scumble/layer/"  # and the layer's identity
ABOUT = "Scumble: the settings that painted a layer"
LONGEST = 1 << 20  # bytes; ours have some thousand at most


def store(document: Any, node: Any, recipe: Recipe) -> None:
    """Keep what painted `node` with it."""
    text = json.dumps(recipe.to_plain(), ensure_ascii=False, separators=(",", ":"))
    document.setAnnotation(KEY + identity(node), ABOUT, text.encode())


def stored(document: Any, node: Any) -> Optional[Recipe]:
    """The settings that painted `node`; None where there are none, or none that can be read."""
    data = bytes(document.annotation(KEY + identity(node)))
    if not data or len(data) > LONGEST:
        return None
    try:
        return Recipe.from_plain(json.loads(data.decode()))
    except (ScumbleError, ValueError, RecursionError) as e:
        logger.info("settings of a layer cannot be used: %s", e)
        return None
