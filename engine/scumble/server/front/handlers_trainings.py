"""Styles that are learned: `train`, `trainings`, `training`, `sheet`."""

from __future__ import annotations

import hashlib
from typing import Any

from ...styles.library import check_free
from ...styles.own import check_style_name, name_from
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.messages import Message
from ...wire.protocol.pixels import PictureRef
from ...wire.request.style import LEAST_SIDE
from ...wire.request.stylechoice import MAX_NAME
from ...wire.request.training import MOST_TAGS, TRAINING_OPTIONS
from .checks import malformed, text
from .clients import ConnectedClient, Outgoing
from .engine import Engine

NUMBERS = ("minutes", "steps", "size", "batch", "seed")


def train(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """Begin to learn a style from a painting that is in the store."""
    header = message.header
    if engine.stopping:
        raise ScumbleError("engine-stopping")
    plain = _order(header)
    ref = PictureRef.from_plain(header.get("picture"))
    size = engine.store.size(ref.digest)
    form = ref.format
    if form is not None:
        if form.nbytes != size:
            reason = f"{size} bytes where {form.nbytes} were expected"
            raise ScumbleError("picture-truncated", name=plain["title"], reason=reason)
        if min(form.width, form.height) < LEAST_SIDE:
            sides = {"width": form.width, "height": form.height, "least": LEAST_SIDE}
            raise ScumbleError("painting-small", name=plain["title"], **sides)
    plain["format"] = form.to_plain() if form else None
    training = engine.trainings.begin(plain, engine.store.path(ref.digest))
    return {"training": training.to_plain()}


def _order(header: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, checked. Raises `style-untitled`, `style-name`, `style-taken`, `option-…`."""
    title = " ".join(text(header, "title").split())
    if not title:
        raise ScumbleError("style-untitled")
    name = text(header, "name", 48) or _name_of(title)
    check_style_name(name)
    check_free(name)
    tags = header.get("tags", [])
    if (
        not isinstance(tags, list)
        or len(tags) > MOST_TAGS
        or not all(isinstance(t, str) and len(t) <= 60 for t in tags)
    ):
        raise malformed(f"“tags” are not at most {MOST_TAGS} short texts")
    options = {k: TRAINING_OPTIONS[k].check(header.get(k, TRAINING_OPTIONS[k].default)) for k in NUMBERS}
    device = TRAINING_OPTIONS["device"].check(header.get("device", "auto"))
    photographs = text(header, "photographs", MAX_NAME).strip()
    return {"name": name, "title": title, "tags": tags, "photographs": photographs, "device": device, **options}


def _name_of(title: str) -> str:
    """A name for the style; of a title without Latin letters, one that is always the same."""
    return name_from(title) or f"own-{hashlib.sha256(title.encode()).hexdigest()[:8]}"


def trainings(engine: Engine, client: ConnectedClient, message: Message) -> Outgoing:
    """All trainings; looked at when the client can take them."""
    return lambda: ({"trainings": [t.to_plain() for t in engine.trainings]}, ())


def training(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """Pause one, resume it, cancel it, or put one that ended out of the list."""
    found, what = engine.trainings.find(message.header.get("training")), text(message.header, "do")
    acts = {"pause": engine.trainings.pause, "resume": engine.trainings.resume, "cancel": engine.trainings.cancel}
    if what not in acts:
        raise malformed("“do” is none of pause, resume, cancel")
    acts[what](found)
    return {"state": found.state}


def sheet(engine: Engine, client: ConnectedClient, message: Message) -> Outgoing:
    """What a training's network paints by now, as a JPEG."""
    found = engine.trainings.find(message.header.get("training"))
    return lambda: ({"sheet": found.sheet()}, ())
