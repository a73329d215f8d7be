"""Answers to come, and small tasks that wait for them without blocking.

A flow is a generator that yields what it waits for; a task runs one, step by step, as answers arrive.
"""

from __future__ import annotations

from typing import Callable, Generator, Generic, List, Optional, TypeVar

from ..protocol.errors import ScumbleError
from ..protocol.messages import Message

T = TypeVar("T")


class Pending:
    """The answer to one request."""

    def __init__(self, sent: float) -> None:
        self.sent = sent  # on the session's clock
        self.reply: Optional[Message] = None
        self.error: Optional[ScumbleError] = None

    @property
    def done(self) -> bool:
        """Whether the answer is there."""
        return self.reply is not None or self.error is not None

    def result(self) -> Message:
        """The reply. Raises the engine's error."""
        if self.error is not None:
            raise self.error
        if self.reply is None:
            raise RuntimeError("not answered yet")
        return self.reply


Flow = Generator[Pending, None, T]


class Task(Generic[T]):
    """A flow on its way. It may be begun again on a new connection, so flows must be safe to repeat."""

    def __init__(self, begin: Callable[[], Flow[T]]) -> None:
        self._begin = begin
        self._flow: Optional[Flow[T]] = None
        self._waits_for: Optional[Pending] = None
        self._result: List[T] = []
        self.error: Optional[BaseException] = None

    @property
    def done(self) -> bool:
        """Whether `result` is there, or an error."""
        return bool(self._result) or self.error is not None

    def result(self) -> T:
        """What the flow returned. Raises what it raised."""
        if self.error is not None:
            raise self.error
        return self._result[0]

    def advance(self) -> None:
        """Go on as far as the answers that are there allow."""
        while not self.done and (self._waits_for is None or self._waits_for.done):
            self._flow = self._flow or self._begin()
            try:
                self._waits_for = next(self._flow)
            except StopIteration as stop:
                self._result = [stop.value]
            except ScumbleError as e:
                self.error = e

    def restart(self) -> None:
        """Begin again: what it waited for will not come."""
        if self._flow is not None:
            self._flow.close()
        self._flow = self._waits_for = None

    def fail(self, error: ScumbleError) -> None:
        """End with `error` unless it ended already."""
        if not self.done:
            self.restart()
            self.error = error
