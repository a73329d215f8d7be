"""No exception of ours reaches Krita, which would stop the artist with a dialog full of code."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable, Optional

from .log import logger
from .wire.errors import ScumbleError

Report = Callable[[BaseException], None]

_reporter: Optional[Report] = None
_reporting = False


def set_reporter(report: Report) -> None:
    """From now on `report` tells the user of what a guarded slot raised."""
    global _reporter
    _reporter = report


def report(error: BaseException) -> None:
    """Log an error and tell the user. Never raises; an error in telling is only logged."""
    global _reporting
    try:
        if isinstance(error, ScumbleError):
            logger.warning("%s", error)
        else:
            logger.error("%s: %s", type(error).__name__, error, exc_info=error)
        if _reporter is not None and not _reporting:
            _reporting = True
            _reporter(error)
    except Exception:
        logger.exception("while telling of an error")
    finally:
        _reporting = False


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
