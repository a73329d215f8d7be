"""Progress on a terminal: a bar with the losses and the time left."""

from __future__ import annotations

import math
import sys
from types import TracebackType
from typing import Any, TextIO, TypeVar

from tqdm import tqdm

from ..wire.protocol.events import Event, Fetching, Paused, Preparing, Progress, Queued, Started

WAITS = {  # for what a job does, before it is painted
    "worker": "loading PyTorch",
    "preview": "a preview is finished first",
    "background": "what paints in the background makes room",
    "cancelled": "what was cancelled stops first",
    "process": "the system can start no more programs just now",
}
PREPARES = {
    "pictures": "reading the pictures",
    "network": "loading the network {name}",
    "styles": "measuring the styles",
}
B = TypeVar("B", bound="Bar")
FORMAT = "{desc} {percentage:3.0f}%|{bar:24}| {n_fmt}/{total_fmt} {postfix}"


class Bar:
    """A bar on stderr, shown only on a terminal; call it with each event of a job."""

    def __init__(self, quiet: bool, title: str = "") -> None:
        self._title, self._what = title, ""
        hidden = quiet or not sys.stderr.isatty()
        self._bar: Any = tqdm(
            total=1, bar_format=FORMAT, disable=hidden, file=sys.stderr, desc=f"{title}reaching the engine", leave=False
        )

    def __enter__(self: B) -> B:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        self._bar.close()

    def say(self, what: str) -> None:
        """Tell what is waited for."""
        self._bar.set_description_str(f"{self._title}{what}")

    def __call__(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, Queued):
            self.say(WAITS.get(event.waits_for) or _before(event.position))
        elif isinstance(event, Started):
            self._what = f"{event.model} on {event.device}"
            self.say(self._what)
        elif isinstance(event, Fetching):
            self._bar.total, self._bar.n = max(event.total, 1), event.done
            self.say(f"downloading {event.name}, {event.done / 1e6:.0f} MB")
        elif isinstance(event, Preparing):
            self._bar.total, self._bar.n = 1, 0
            self.say(PREPARES.get(event.what, self._what).format(name=event.name))
        elif isinstance(event, Paused):
            self.say("paused; “scumble resume” lets it go on")
        elif isinstance(event, Progress):
            self._bar.total, self._bar.n = max(event.of, 1), event.step
            self.say(self._what)
            self._bar.set_postfix_str(describe(event))


class Count(Bar):
    """A bar for many pictures: how many are done, and what the engine does for the foremost of the others."""

    def __init__(self, quiet: bool, total: int) -> None:
        super().__init__(quiet)
        self._done, self._bar.total = 0, total

    def done(self) -> None:
        """One more."""
        self._done += 1
        self._bar.n = self._done
        self._bar.refresh()

    def __call__(self, event: Event) -> None:
        """Show an event of the foremost: its part counts, too."""
        total = self._bar.total
        super().__call__(event)
        part = self._bar.n / max(self._bar.total, 1) if isinstance(event, Progress) else 0.0
        self._bar.total, self._bar.n = total, round(self._done + part, 1)

    def print(self, line: str, file: TextIO | None = None) -> None:
        """A line, of which the bar is out of the way."""
        self._bar.clear()
        print(line, file=file or sys.stdout, flush=True)


def _before(jobs: int) -> str:
    return f"waiting, {jobs} before" if jobs else "waiting, next in turn"


def describe(event: Progress) -> str:
    """Size, losses and seconds left, such as “512×384 content 0.21 style 1.3, 12 s left”."""
    losses = "".join(f" {name} {value:.3g}" for name, value in event.losses.items() if math.isfinite(value))
    left = f", {event.seconds_left:.0f} s left" if event.seconds_left >= 0 else ""
    return f"{event.scale}{losses}{left}".strip()
