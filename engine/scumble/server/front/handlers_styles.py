"""The style library: `styles`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...styles.library import list_styles
from ...wire.protocol.messages import MAX_HEADER, Message, encode
from .checks import flag
from .clients import ConnectedClient, Outgoing
from .engine import Engine

ROOM = MAX_HEADER - 256  # for the styles in a reply's header, bytes
SHOWN = ("thumbnail", "picture")  # where there is room


def styles(engine: Engine, client: ConnectedClient, message: Message) -> Outgoing:
    """The styles, with their thumbnails if asked for; read when the client can take them, for they are many bytes."""
    thumbnails = flag(message.header, "thumbnails")
    return lambda: ({"styles": fitting(list_styles(thumbnails), ROOM)}, ())


def fitting(styles: Sequence[dict[str, Any]], room: int) -> list[dict[str, Any]]:
    """The first styles that fit `room` bytes of a header together, and what of the first ones is `SHOWN` beside it."""
    kept: list[dict[str, Any]] = []
    for style in styles:
        plain = {k: v for k, v in style.items() if k not in SHOWN}
        room -= len(encode(plain)[0])
        if room < 0:
            return kept
        kept.append(plain)
    for key in SHOWN:
        for plain, style in zip(kept, styles, strict=False):
            size = len(encode({key: style.get(key, "")})[0])
            if key in style and size <= room:
                room -= size
                plain[key] = style[key]
    return kept
