"""A connection on its way: the engine is reached, then greeted, in steps that never wait."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Optional, cast

from ..protocol.messages import PROTOCOL
from ..transport.base import ConnectionLost, Steps, Transport
from .session import Session

REACH_PAUSE = 0.01  # seconds between two steps towards a connection


class Ended(ConnectionLost):
    """An engine hung up before it answered the greeting."""


class Connecting:
    """Makes connections, one after the other. `log` and `info` are what the last engine told of itself."""

    def __init__(
        self,
        reach: Callable[[], Steps[Transport]],
        hello: Dict[str, Any],
        on_wait: Optional[Callable[[], None]],
    ) -> None:
        self._reach, self.on_wait = reach, on_wait
        self.hello: Dict[str, Any] = {"protocol": PROTOCOL, **hello}  # what is said first
        self.info: Dict[str, Any] = {}  # the engine's answer to that
        self.log = ""
        self._steps: Optional[Steps[Session]] = None

    @property
    def begun(self) -> bool:
        """Whether a connection is on its way."""
        return self._steps is not None

    def begin(self) -> None:
        """Have one on its way."""
        self._steps = self._steps or self.steps()

    def stop(self) -> None:
        """Leave the one that is on its way."""
        if self._steps is not None:
            self._steps.close()
            self._steps = None

    def step(self, timeout: float) -> Optional[Session]:
        """Take a step; the session, once it is there. Without one, waits at most `timeout` seconds."""
        self.begin()
        try:
            next(cast(Steps[Session], self._steps))
        except StopIteration as stop:
            self._steps = None
            return cast(Session, stop.value)
        except BaseException:
            self._steps = None
            raise
        if self.on_wait is not None:
            self.on_wait()
        time.sleep(min(timeout, REACH_PAUSE))
        return None

    def steps(self) -> Steps[Session]:
        """The way to a session that has been greeted. Raises `protocol-version` and what reaching raises."""
        try:
            return (yield from self._greeted((yield from self._reach())))
        except Ended:  # of its own accord, between the handshake and the greeting
            return (yield from self._greeted((yield from self._reach())))

    def _greeted(self, transport: Transport) -> Steps[Session]:
        session = Session(transport)
        self.log = session.log
        try:
            self.info = yield from session.greet(self.hello)
        except ConnectionLost as e:
            session.close()
            raise Ended(str(e)) from e
        except BaseException:
            session.close()
            raise
        return session
