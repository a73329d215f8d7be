"""Settings stored with a painted layer: an annotation of its document, which is kept in a .kra file."""

from __future__ import annotations

import json
from typing import Any, Dict, Mapping, Optional

from ..log import logger
from ..wire.protocol.errors import ScumbleError
from ..wire.request.recipe import Recipe
from .nodes import identity
from .shots import Shot

KEY = "scumble/layer/"  # and the layer's identity
MASK = "scumble/selection/"  # the same; what the layer was painted in, where it is animated
ABOUT = "Scumble: the settings that painted a layer"
LONGEST = 1 << 20  # bytes; ours have some thousand at most
COPY_WORDS = 16  # characters that Krita puts around the name of a copy (“Copy of …”), in any language


def store(document: Any, node: Any, recipe: Recipe, source: Any = None, shot: Optional[Shot] = None) -> None:
    """Keep what painted `node` with it, and from which layer; of an animated one, from which frames."""
    plain: Dict[str, Any] = {"name": node.name(), "recipe": recipe.to_plain()}
    if source is not None:
        plain["source"] = identity(source)
    if shot is not None:
        plain["frames"] = shot.to_plain()
        if shot.mask:
            document.setAnnotation(MASK + identity(node), ABOUT, shot.mask)
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    document.setAnnotation(KEY + identity(node), ABOUT, text.encode())


def stored(document: Any, node: Any) -> Optional[Recipe]:
    """The settings that painted `node`, or the layer that it is a copy of by its name.

    None where there are none, or none that can be read.
    """
    types = document.annotationTypes()
    own = KEY + identity(node)
    if own in types:
        return _recipe(_plain(document, own))
    copied = [p for p in (_plain(document, t) for t in types if t.startswith(KEY)) if _is_copy(node.name(), p)]
    return _recipe(max(copied, key=lambda p: len(p["name"]))) if copied else None


def stored_source(document: Any, node: Any) -> str:
    """The identity of the layer that `node` was painted from; empty where that is not known."""
    own = KEY + identity(node)
    found = _plain(document, own).get("source") if own in document.annotationTypes() else None
    return found if isinstance(found, str) else ""


def stored_shot(document: Any, node: Any) -> Optional[Shot]:
    """The frames that `node` was painted from; None where it is no animation of ours, or that is damaged."""
    own = KEY + identity(node)
    found = _plain(document, own).get("frames") if own in document.annotationTypes() else None
    return None if found is None else Shot.from_plain(found, bytes(document.annotation(MASK + identity(node))))


def _plain(document: Any, key: str) -> Mapping[str, Any]:
    """What an annotation holds; nothing where it is damaged."""
    data = bytes(document.annotation(key))
    try:
        plain = json.loads(data.decode()) if len(data) <= LONGEST else {}
    except (ValueError, RecursionError) as e:
        logger.info("settings of a layer are damaged: %s", e)
        return {}
    return plain if isinstance(plain, dict) else {}


def _recipe(plain: Mapping[str, Any]) -> Optional[Recipe]:
    if "recipe" not in plain:
        return None
    try:
        return Recipe.from_plain(plain["recipe"])
    except ScumbleError as e:
        logger.info("settings of a layer cannot be used: %s", e)
        return None


def _is_copy(name: str, plain: Mapping[str, Any]) -> bool:
    of = plain.get("name")
    if not isinstance(of, str) or not of or of == name:
        return False
    words = name.replace(of, "", 1).strip(" 0123456789")
    return of in name and 0 < len(words) <= COPY_WORDS
