"""A crew of engines that are reached directly: the user's own, or several that files describe."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..wire.client.channel import Channel
from ..wire.client.session import Flow, Session
from ..wire.client.submission import Submission
from ..wire.editor.run import Run
from ..wire.editor.runs import Runs
from ..wire.protocol.errors import ScumbleError
from ..wire.transport.base import Steps, Transport
from .orders import Order, Painted, Told, ahead

WAIT, TRAVELLING, TURN = 0.1, 0.005, 0.02  # seconds: for an engine alone; while data travels; for one of several
LOOK_SECONDS = 1.0  # between two questions for the devices, which an engine that starts does not know at once
Reach = Callable[[], Steps[Transport]]


class Ordered(NamedTuple):
    """An order and its number."""

    number: int
    order: Order


class Seat:
    """One engine and what it has to do; it is reached when it is given the first."""

    def __init__(self, reach: Reach, name: str, version: str) -> None:
        self._channel = Channel(reach, name, version)
        self._runs = Runs()
        self._runs.channel = self._channel
        self.orders: dict[Run, Ordered] = {}
        self._devices: list[object] = []
        self._looked = 0.0

    @property
    def free(self) -> int:
        """How many orders more it is given now."""
        return ahead(self._devices) - len(self.orders)

    def give(self, ordered: Ordered) -> None:
        """Send it."""
        submission = Submission(*ordered.order)
        run = Run(ordered.order.request, lambda run: None, self._runs.cancel)
        self.orders[run] = ordered
        self._runs.follow(run, submission, self._channel.send(submission))

    def turn(self, wait: float) -> list[Told]:
        """Go on for at most `wait` seconds; what happened. Raises where the engine cannot be reached, or is lost."""
        end = time.monotonic() + wait
        while True:
            events = self._channel.poll(TRAVELLING if self._runs.travelling else max(0.0, end - time.monotonic()))
            self._runs.settle()
            numbers = {run.job: ordered.number for run, ordered in self.orders.items()}
            self._runs.take(events)
            self._channel.flush()
            self._look()
            told = [Told(numbers[event.job], event) for event in events if event.job in numbers]
            told += [Told(self.orders.pop(run).number, _outcome(run)) for run in list(self.orders) if run.ended]
            if told or time.monotonic() >= end:
                return told

    def close(self) -> list[Ordered]:
        """End the connection: its engine cancels what is not done, which is what this gives."""
        self._channel.close()
        left = list(self.orders.values())
        self.orders.clear()
        return left

    def _look(self) -> None:
        """Ask for the devices until the engine knows them."""
        now = time.monotonic()
        if self._channel.connected and not self._devices and now - self._looked > LOOK_SECONDS:
            self._looked = now
            self._channel.begin(self._hello)

    def _hello(self, session: Session) -> Flow[None]:
        reply = yield from session.ask("hello", **self._channel.hello)
        self._devices = list(reply.header.get("devices") or [])


class Engines:
    """A crew of one or several engines. Where one of several is lost the others paint its orders; `remark` hears."""

    def __init__(self, ways: Sequence[Reach], name: str, version: str, remark: Callable[[ScumbleError], None]) -> None:
        self._seats = [Seat(reach, name, version) for reach in ways]
        self._waiting: deque[Ordered] = deque()
        self._remark = remark

    @property
    def free(self) -> int:
        """As `Crew.free`."""
        return sum(seat.free for seat in self._seats) - len(self._waiting)

    def give(self, number: int, order: Order) -> None:
        """As `Crew.give`."""
        self._waiting.append(Ordered(number, order))
        self._hand_out()

    def take(self) -> list[Told]:
        """As `Crew.take`. Raises why the last engine was lost."""
        told: list[Told] = []
        for seat in [s for s in self._seats if s.orders]:
            try:
                told += seat.turn(WAIT if len(self._seats) == 1 else TURN)
            except ScumbleError as e:
                self._seats.remove(seat)
                self._waiting.extendleft(reversed(seat.close()))
                if not self._seats:
                    raise
                self._remark(e)
        self._hand_out()
        return told

    def close(self) -> None:
        """As `Crew.close`."""
        for seat in self._seats:
            seat.close()

    def _hand_out(self) -> None:
        while self._waiting and (seat := max(self._seats, key=lambda s: s.free)).free > 0:
            seat.give(self._waiting.popleft())


def _outcome(run: Run) -> Painted | ScumbleError:
    if run.picture is not None and run.result is not None and run.state == "done":
        return Painted(run.picture, run.pixels, run.result)
    return run.error or ScumbleError("cancelled")
