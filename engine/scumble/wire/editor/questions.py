"""Questions of a link that wait for their answers, and callbacks that wait to be called."""

from __future__ import annotations

import contextlib
from collections import deque
from functools import partial
from typing import Any, Callable, Deque, Dict, List, Mapping, NamedTuple, Optional, cast

from ..client.channel import Channel
from ..client.session import Flow, Session, Task
from ..client.transfers import put
from ..protocol.errors import ScumbleError
from ..protocol.messages import Buffer, Message

Answer = Dict[str, Any]
Then = Callable[[Answer], None]
Fail = Optional[Callable[[ScumbleError], object]]


class Callbacks:
    """What is to be called, in order. What a callback raises goes to `report`."""

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        self._due: Deque[Callable[[], object]] = deque()
        self.report = report

    def add(self, callback: Callable[..., object], *arguments: object) -> None:
        """To be called later."""
        self._due.append(partial(callback, *arguments))

    def call(self) -> None:
        """Call those that are there now, not those which they add; one may come back here."""
        for _ in range(len(self._due)):
            if self._due:
                self.run(self._due.popleft())

    def clear(self) -> None:
        """Call none of them."""
        self._due.clear()

    def run(self, callback: Callable[..., object], *arguments: object) -> None:
        """Call it now."""
        try:
            callback(*arguments)
        except Exception as e:
            with contextlib.suppress(Exception):
                self.report(e)


class _Asked(NamedTuple):
    task: Task[Message]
    then: Then
    fail: Fail


class Questions:
    """Questions on their way. Their answers become callbacks."""

    def __init__(self, callbacks: Callbacks) -> None:
        self._callbacks = callbacks
        self._asked: List[_Asked] = []

    def ask(
        self,
        channel: Channel,
        type: str,
        then: Then,
        fail: Fail,
        fields: Dict[str, Any],
        blobs: Optional[Mapping[str, Buffer]] = None,
    ) -> None:
        """Ask in the channel's next turn; what the engine lacks of `blobs` is sent before."""

        def flow(session: Session) -> Flow[Message]:
            if blobs:
                yield from put(session, blobs)
            return (yield from session.ask(type, **fields))

        self._asked.append(_Asked(channel.begin(flow), then, fail))

    def settle(self) -> None:
        """See which were answered."""
        for asked in [a for a in self._asked if a.task.done]:
            self._asked.remove(asked)
            if asked.task.error is not None:
                self.refuse(asked.fail, cast(ScumbleError, asked.task.error))
            else:
                header = asked.task.result().header
                self._callbacks.add(asked.then, {k: v for k, v in header.items() if k not in ("type", "re")})

    def fail(self, error: ScumbleError) -> None:
        """No more answers will come."""
        self.settle()
        for asked in self._asked:
            self.refuse(asked.fail, error)
        self._asked.clear()

    def refuse(self, fail: Fail, error: ScumbleError) -> None:
        """Answer with an error, if that is of interest."""
        if fail is not None:
            self._callbacks.add(fail, error)
