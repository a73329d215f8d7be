"""What a transport is: one small interface, whoever speaks it."""

from __future__ import annotations

import time
from typing import Callable, Generator, List, Optional, Protocol, Sequence, TypeVar, cast

from ..protocol.messages import Buffer

T = TypeVar("T")
Steps = Generator[None, None, T]  # work in steps: it yields wherever it would have to wait


class ConnectionLost(Exception):
    """The peer is gone: nothing listens there, or the connection broke."""


class Transport(Protocol):
    """A connection to the engine. Used from one thread; nothing waits longer than told."""

    name: str
    log: str  # the engine's log file, for what a person is told

    def shake(self, timeout: float = 0.0) -> bool:
        """Connect and shake hands, for at most `timeout` seconds at a time; whether that is done.

        Nothing else but `close` may be called before. Raises `ConnectionLost`, `engine-refused`.
        """

    def send(self, frames: Sequence[Buffer]) -> None:
        """Take a message to send; its buffers must not change afterwards. Never waits. Raises `ConnectionLost`."""

    def poll(self, timeout: float = 0.0) -> bool:
        """Move bytes both ways until a message waits, for at most `timeout` seconds; whether one does.

        Raises `ConnectionLost` when nothing waits and nothing will.
        """

    def receive(self) -> Optional[List[Buffer]]:
        """The next message that waits; None without one."""

    def close(self) -> None:
        """Close at once; what was not sent is dropped. May be called twice."""


def finish(steps: Steps[T], on_wait: Optional[Callable[[], None]] = None) -> T:
    """Take all the steps, waiting between them, at first for a moment, then longer; `on_wait` is called each time."""
    pause = 0.0005
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return cast(T, stop.value)
        if on_wait is not None:
            on_wait()
        time.sleep(pause)
        pause = min(pause * 1.5, 0.03)
