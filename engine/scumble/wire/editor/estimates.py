"""What OK would take, told before it: asked of the engine as settings change, and put into words."""

from __future__ import annotations

import math
from typing import Any, Callable, Mapping, NamedTuple, Optional, Tuple

from ..protocol.errors import ScumbleError
from ..request.recipe import Recipe, outline
from ..request.request import Request
from ..words.translation import tr
from .link import Link


class Estimate(NamedTuple):
    """Seconds and bytes of a run; where it takes long the largest `smaller_size` that does not, and its seconds."""

    seconds: float
    bytes: int
    smaller_size: int = 0
    smaller_seconds: float = 0.0

    def times(self, count: int) -> Estimate:
        """Of as many runs, one after another."""
        return self._replace(seconds=self.seconds * count, smaller_seconds=self.smaller_seconds * count)


class Estimates:
    """Asks for the newest recipe, one question at a time. `tell` gets what is known, or None where nothing is."""

    def __init__(self, link: Link, tell: Callable[[Optional[Estimate]], None]) -> None:
        self._link, self._tell = link, tell
        self._wanted: Optional[Request] = None
        self._asked: Optional[Request] = None  # the last that was asked for; its answer is here unless `_waits`
        self._waits = False

    def show(self, recipe: Optional[Recipe], size: Tuple[int, int], canvas: Tuple[int, int]) -> None:
        """Tell of this recipe over a content of `size` on `canvas`; nothing of None, or of what cannot be run."""
        try:
            self._wanted = outline(recipe, size, canvas) if recipe is not None and min(size) > 0 else None
        except ScumbleError:
            self._wanted = None
        if self._wanted is None:
            self._asked = None
            self._tell(None)
        self.go_on()

    def go_on(self) -> None:
        """Ask what is to be asked, if the engine is there: call it too when the engine's state has changed."""
        if self._waits or self._wanted is None or self._wanted == self._asked or self._link.state != "ready":
            return
        self._asked, self._waits = self._wanted, True
        self._link.ask("estimate", self._take, self._fail, request=self._wanted.to_plain())

    def stop(self) -> None:
        """Nothing more is wanted."""
        self._wanted = None

    def _take(self, answer: Mapping[str, Any]) -> None:
        self._waits = False
        if self._wanted is not None and self._wanted == self._asked:
            self._tell(estimate_in(answer))
        self.go_on()

    def _fail(self, error: ScumbleError) -> None:
        self._waits = False  # an older engine knows no estimates, and what cannot be run has none
        if self._wanted is not None and self._wanted == self._asked:
            self._tell(None)


def estimate_in(answer: Mapping[str, Any]) -> Optional[Estimate]:
    """What the engine's answer tells; None where that is nothing usable."""
    smaller = answer.get("smaller")
    smaller = smaller if isinstance(smaller, Mapping) else {}
    try:
        seconds, count = float(answer["seconds"]), int(answer["bytes"])
        found = Estimate(seconds, count, int(smaller.get("size", 0)), float(smaller.get("seconds", 0.0)))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found.seconds) and found.seconds >= 0 else None


def estimate_words(found: Optional[Estimate]) -> str:
    """“About 20 s · 1.2 GB”; empty where nothing is known."""
    if found is None:
        return ""
    return tr("About {time} · {memory}").format(time=time_words(found.seconds), memory=memory_words(found.bytes))


def smaller_words(found: Optional[Estimate]) -> str:
    """What a smaller size would take, such as “At 1024 px about 40 s”; empty where none is offered."""
    if found is None or not found.smaller_size:
        return ""
    return tr("At {n} px about {time}").format(n=found.smaller_size, time=time_words(found.smaller_seconds))


def time_words(seconds: float) -> str:
    """“1 s”, “20 s”, “3 min”, “2 h”: as exact as an estimate is."""
    if seconds < 90:
        return tr("{n} s").format(n=max(1, round(seconds) if seconds < 20 else 5 * round(seconds / 5)))
    if seconds < 90 * 60:
        return tr("{n} min").format(n=round(seconds / 60))
    return tr("{n} h").format(n=round(seconds / 3600))


def memory_words(count: int) -> str:
    """“1.2 GB”, “700 MB”."""
    if count >= 9.5e8:  # less is not rounded to as much
        return tr("{n} GB").format(n=f"{count / 1e9:.1f}")
    return tr("{n} MB").format(n=100 * max(1, round(count / 1e8)))
