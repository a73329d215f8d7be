"""The engine in a call that waits: everything moves on meanwhile, GIMP's own events too."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Optional

from ..gimplib import GLib
from ..wire.editor.link import Link
from ..wire.protocol.errors import ScumbleError

PAUSE = 0.01  # seconds between two looks
BUSY = 0.05  # seconds that windows may take in between: one that is always busy must not stop the link
LAST_TICKS = 5  # in which the engine is told of a cancelled job


def ask(link: Link, type: str, waiting: Optional[Callable[[], None]] = None, **fields: Any) -> Dict[str, Any]:
    """The engine's answer to a request such as “styles”; it is started if need be.

    `waiting` is called until it is there. Raises what the engine refuses, and what `waiting` raises.
    """
    answers: List[Dict[str, Any]] = []
    errors: List[ScumbleError] = []
    link.start()
    link.ask(type, answers.append, errors.append, **fields)
    while not answers and not errors:
        turn(link)
        if waiting is not None:
            waiting()
    if errors:
        raise (link.error or errors[0]) if errors[0].code == "engine-lost" else errors[0]
    return answers[0]


def turn(link: Link) -> None:
    """Everything moves on a little: the link, then what GIMP and windows have to do."""
    link.tick()
    context, end = GLib.MainContext.default(), time.monotonic() + BUSY
    while context.pending() and time.monotonic() < end:
        context.iteration(False)
    time.sleep(PAUSE)


def say_goodbye(link: Link) -> None:
    """Nothing more is wanted: the engine hears of it before this process may end."""
    for _ in range(LAST_TICKS):
        link.tick()
