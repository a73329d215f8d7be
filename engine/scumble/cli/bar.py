"""Progress on a terminal: a bar with the losses and the time left."""

from __future__ import annotations

import math
import sys
from types import TracebackType
from typing import Any

from tqdm import tqdm

from ..wire.protocol.events import Event, Fetching, Progress, Queued, Started

FORMAT = "{desc} {percentage:3.0f}%|{bar:24}| {n_fmt}/{total_fmt} {postfix}"


class Bar:
    """A bar on stderr, shown only on a terminal; call it with each event of a job."""

    def __init__(self, quiet: bool, title: str = "") -> None:
        self._title = title
        hidden = quiet or not sys.stderr.isatty()
        self._bar: Any = tqdm(
            total=1, bar_format=FORMAT, disable=hidden, file=sys.stderr, desc=f"{title}waiting", leave=False
        )

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        self._bar.close()

    def __call__(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, Queued):
            self._bar.set_description_str(f"{self._title}waiting, {event.position} before")
        elif isinstance(event, Started):
            self._bar.set_description_str(f"{self._title}{event.model} on {event.device}")
        elif isinstance(event, Fetching):
            self._bar.total, self._bar.n = max(event.total, 1), event.done
            self._bar.set_description_str(f"{self._title}downloading {event.name}, {event.done / 1e6:.0f} MB")
        elif isinstance(event, Progress):
            self._bar.total, self._bar.n = max(event.of, 1), event.step
            self._bar.set_postfix_str(describe(event))


def describe(event: Progress) -> str:
    """Size, losses and seconds left, such as “512×384 content 0.21 style 1.3, 12 s left”."""
    losses = "".join(f" {name} {value:.3g}" for name, value in event.losses.items() if math.isfinite(value))
    left = f", {event.seconds_left:.0f} s left" if event.seconds_left >= 0 else ""
    return f"{event.scale}{losses}{left}".strip()
