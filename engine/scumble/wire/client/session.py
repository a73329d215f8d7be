"""One connection's conversation: requests are numbered and paired with their replies, events are kept, pings go out.

Who waits for a reply does not block: a flow is a generator that yields what it waits for, and a task runs one, step by
step, as replies arrive.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any, Callable, Deque, Dict, Generator, Generic, List, Mapping, Optional, Sequence, TypeVar

from ..protocol.errors import ScumbleError
from ..protocol.messages import PING_SECONDS, PROTOCOL, SILENT_SECONDS, Buffer, Message, decode, encode
from ..transport.base import ConnectionLost, Steps, Transport

T = TypeVar("T")

TURN = 1 << 21  # bytes taken in one turn, so that a caller from a GUI's timer gets control back
IDLE_PING_SECONDS = 600.0  # an engine forgets who says nothing for an hour


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


class Session:
    """Requests and events over one transport. Never waits except in `pump`, and there no longer than told."""

    def __init__(self, transport: Transport, clock: Callable[[], float] = time.monotonic) -> None:
        self._transport = transport
        self.log = transport.log
        self._clock = clock
        self._pending: Dict[int, Pending] = {}
        self._next_id = 1
        self._last_sent = self._last_heard = clock()
        self.taken = 0  # messages
        self.events: Deque[Message] = deque()
        self.keep_alive = False  # ping also while no request waits: this client has jobs

    def greet(self, hello: Mapping[str, Any]) -> Steps[Dict[str, Any]]:
        """Say `hello`, in steps that never wait; the engine's answer. Raises `protocol-version` and as `pump` does."""
        pending = self.request("hello", (), hello)
        while not pending.done:
            yield
            self.pump()
        info = pending.result().header
        if info.get("protocol") != PROTOCOL:
            raise ScumbleError("protocol-version", engine=info.get("protocol"), client=PROTOCOL)
        return info

    def request(self, type: str, raw: Sequence[Buffer] = (), fields: Optional[Mapping[str, Any]] = None) -> Pending:
        """Send a request. Raises `ConnectionLost`, `message-large`, `message-malformed`."""
        number, now = self._next_id, self._clock()
        frames = encode({**(fields or {}), "type": type, "id": number}, raw)
        self._transport.send(frames)
        self._next_id += 1
        self._last_sent = now
        self._pending[number] = pending = Pending(now)
        return pending

    def ask(self, type: str, raw: Sequence[Buffer] = (), **fields: Any) -> Flow[Message]:
        """Send a request and wait for its reply. Raises the engine's error."""
        pending = self.request(type, raw, fields)
        yield pending
        return pending.result()

    def pump(self, timeout: float = 0.0) -> None:
        """Take what has arrived, waiting at most `timeout` seconds for the first of it, and ping when it is time.

        Raises `ConnectionLost`, `engine-silent`, `message-malformed`.
        """
        self._ping()
        if self._transport.poll(timeout):
            frames, size = self._transport.receive(), 0
            while frames is not None:
                self._take(frames)
                size += sum(map(len, frames))
                frames = self._transport.receive() if size < TURN else None
        self._check_silence()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def _take(self, frames: List[Buffer]) -> None:
        self._last_heard = self._clock()
        self.taken += 1
        message = decode(frames, binary=True)
        number = message.header.get("re")
        if number is None:
            self.events.append(message)
            return
        pending = self._pending.pop(number, None) if isinstance(number, int) else None
        if pending is None:
            return  # an answer to nothing we asked
        if message.type == "error":
            error = message.header.get("error")
            pending.error = ScumbleError.from_plain(error if isinstance(error, dict) else {})
            if pending.error.code == "hello-missing":  # it had heard nothing for long: a new connection greets again
                raise ConnectionLost("the engine has forgotten this connection")
        else:
            pending.reply = message

    def _ping(self) -> None:
        wait = PING_SECONDS if self.keep_alive or self._pending else IDLE_PING_SECONDS
        if self._clock() - self._last_sent >= wait:
            self.request("ping")

    def _check_silence(self) -> None:
        """What arrived was taken before, so a caller that was away does not take the engine for a silent one."""
        oldest = next(iter(self._pending.values()), None)
        if oldest is not None and self._clock() - max(oldest.sent, self._last_heard) > SILENT_SECONDS:
            raise ScumbleError("engine-silent", log=self.log)
