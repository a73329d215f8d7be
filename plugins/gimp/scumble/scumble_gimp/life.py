"""The plug-in's process from its beginning to its end: one link to the engine, whoever needs it."""

from __future__ import annotations

import atexit
from typing import List

from .log import logger
from .version import VERSION
from .wire.editor.link import Link

PATIENCE = 0.2  # seconds: when this process ends, nobody waits for its jobs any more

_links: List[Link] = []


def link() -> Link:
    """This process's link, which is made when it is first asked for; nothing is started yet."""
    if not _links:
        _links.append(Link("gimp", VERSION, patience=PATIENCE))
        _links[0].report = _note
        atexit.register(end)
    return _links[0]


def end() -> None:
    """Let go of the engine: it cancels what has not ended."""
    while _links:
        _links.pop().close()


def _note(error: BaseException) -> None:
    logger.error("in a callback: %s: %s", type(error).__name__, error, exc_info=error)
