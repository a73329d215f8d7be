"""One job of the engine, waited for: while GIMP's own events go on, and a watcher may cancel."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Mapping, Optional

from ..gimplib import GLib
from ..wire.editor.link import Link
from ..wire.editor.run import Run
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.messages import Buffer
from ..wire.request.request import Request

PAUSE = 0.01  # seconds between two looks
BUSY = 0.05  # seconds that windows may take in between: one that is always busy must not stop the link
WATCHED = 0.1  # seconds between two calls of the watcher at least
LAST_TICKS = 5  # in which the engine is told of a cancelled job

Watch = Callable[[Run], None]


def carry_out(link: Link, request: Request, blobs: Mapping[str, Buffer], watch: Optional[Watch] = None) -> Run:
    """The run, done: its `picture` and `pixels` are there.

    `watch` is called when something changed, and ten times a second; it may cancel the run. What it raises cancels it
    too. Raises `cancelled`, and what the engine refuses.
    """
    news: List[Run] = []
    run = link.run(request, blobs, news.append)
    try:
        _follow(link, run, news, watch or _nothing)
    except BaseException:
        run.cancel()
        raise
    finally:
        if run.state == "cancelled":
            _say_goodbye(link)
    if run.state == "done":
        return run
    raise run.error or ScumbleError("cancelled")


def ask(link: Link, type: str, waiting: Optional[Callable[[], None]] = None, **fields: Any) -> Dict[str, Any]:
    """The engine's answer to a request such as “styles”; it is started if need be.

    `waiting` is called until it is there. Raises what the engine refuses, and what `waiting` raises.
    """
    answers: List[Dict[str, Any]] = []
    errors: List[ScumbleError] = []
    link.start()
    link.ask(type, answers.append, errors.append, **fields)
    while not answers and not errors:
        _turn(link)
        if waiting is not None:
            waiting()
    if errors:
        raise (link.error or errors[0]) if errors[0].code == "engine-lost" else errors[0]
    return answers[0]


def _follow(link: Link, run: Run, news: List[Run], watch: Watch) -> None:
    watched = 0.0
    while not run.ended:
        _turn(link)
        if news or time.monotonic() - watched >= WATCHED:
            news.clear()
            watched = time.monotonic()
            watch(run)
    watch(run)


def _turn(link: Link) -> None:
    """Everything moves on a little: the link, then what GIMP and windows have to do."""
    link.tick()
    context, end = GLib.MainContext.default(), time.monotonic() + BUSY
    while context.pending() and time.monotonic() < end:
        context.iteration(False)
    time.sleep(PAUSE)


def _say_goodbye(link: Link) -> None:
    for _ in range(LAST_TICKS):
        link.tick()


def _nothing(run: Run) -> None:
    pass
