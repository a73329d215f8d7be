"""No exception of ours reaches Krita, which would stop the artist with a dialog full of code."""

from __future__ import annotations

import functools
import inspect
import time
from typing import Any, Callable, Dict, Optional, Tuple

from .log import logger
from .wire.protocol.errors import ScumbleError

AGAIN = 60.0  # seconds

Report = Callable[[BaseException], None]

_reporter: Optional[Report] = None
_reporting = False
_met: Dict[Tuple[Any, ...], float] = {}  # faults by their place, and when they were told


def set_reporter(report: Report) -> None:
    """From now on `report` tells the user of what a guarded slot raised."""
    global _reporter
    _reporter = report


def report(error: BaseException) -> None:
    """Log an error and tell the user. Never raises; an error in telling is only logged.

    A fault of ours that a timer meets again and again is told once in `AGAIN` seconds.
    """
    global _reporting
    try:
        if not isinstance(error, ScumbleError) and not _is_news(error):
            return
        log_error(error)
        if _reporter is not None and not _reporting:
            _reporting = True
            try:
                _reporter(error)
            finally:
                _reporting = False
    except Exception:
        logger.exception("while telling of an error")


def log_error(error: BaseException) -> None:
    """Write to the log: an expected error as a sentence, a fault of ours with its traceback."""
    if isinstance(error, ScumbleError):
        logger.warning("%s", error)
    else:
        logger.error("%s: %s", type(error).__name__, error, exc_info=error)


def _is_news(error: BaseException) -> bool:
    """Whether it was not met at the same place just before."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = (type(error).__name__, trace.tb_frame.f_code.co_filename, trace.tb_lineno) if trace is not None else ()
    now = time.monotonic()
    news = now - _met.get(place, -AGAIN) >= AGAIN
    if news:
        _met[place] = now
    return news


def guarded(slot: Callable[..., Any]) -> Callable[..., Any]:
    """The slot or callback, whose errors go to `report`; it returns None then.

    As Qt does for Python slots, it is given no more arguments than it takes: `clicked` brings “checked” along.
    """
    takes = _arguments_taken(slot)

    @functools.wraps(slot)
    def call(*args: Any, **named: Any) -> Any:
        try:
            return slot(*(args if takes is None else args[:takes]), **named)
        except Exception as e:
            return report(e)

    return call


def _arguments_taken(slot: Callable[..., Any]) -> Optional[int]:
    """How many arguments by position it takes; None for any number."""
    try:
        parameters = inspect.signature(slot).parameters.values()
    except (TypeError, ValueError):  # built into Qt
        return None
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return None
    return sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)
