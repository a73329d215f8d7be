"""Progress on a terminal: a bar with the losses and the time left."""

from __future__ import annotations

import math
import sys
from types import TracebackType
from typing import Any

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
FORMAT = "{desc} {percentage:3.0f}%|{bar:24}| {n_fmt}/{total_fmt} {postfix}"


class Bar:
    """A bar on stderr, shown only on a terminal; call it with each event of a job."""

    def __init__(self, quiet: bool, title: str = "") -> None:
        self._title, self._what = title, ""
        hidden = quiet or not sys.stderr.isatty()
        self._bar: Any = tqdm(
            total=1, bar_format=FORMAT, disable=hidden, file=sys.stderr, desc=f"{title}reaching the engine", leave=False
        )

    def __enter__(self) -> Bar:
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


def _before(jobs: int) -> str:
    return f"waiting, {jobs} before" if jobs else "waiting, next in turn"


def describe(event: Progress) -> str:
    """Size, losses and seconds left, such as “512×384 content 0.21 style 1.3, 12 s left”."""
    losses = "".join(f" {name} {value:.3g}" for name, value in event.losses.items() if math.isfinite(value))
    left = f", {event.seconds_left:.0f} s left" if event.seconds_left >= 0 else ""
    return f"{event.scale}{losses}{left}".strip()
