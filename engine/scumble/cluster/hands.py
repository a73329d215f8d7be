"""A crew of Ray workers: a few pictures each, given to others where a worker dies, and a new worker in its place."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from ..wire.protocol.errors import ScumbleError
from .orders import TRIES, Order, Painted, Told
from .parcels import pack_request, unpack, unpack_painted
from .rays import Lost, Rays, Ref, Worker

WAIT = 0.1  # seconds
START_SECONDS = 300.0  # without any worker: machines that a cluster has yet to start take minutes
OF_A_WORKER = ("engine-", "disk-full", "folder-unsafe", "files-unusable", "file-write")  # the next may do better
OF_ALL = ("cluster-version", "cluster-style")  # another machine may do better, the same one never


@dataclass
class Flight:
    """An order under way; `tries` is how many workers were lost with it."""

    number: int
    header: bytes
    blobs: list[Ref]
    tries: int = 0


@dataclass(eq=False)
class Hand:
    """A worker: starting while it has no `slots`. `starts` is how many died in its place before they were ready."""

    worker: Worker
    ready: Ref
    starts: int = 0
    slots: int = 0
    flights: dict[Ref, Flight] = field(default_factory=dict)

    @property
    def free(self) -> int:
        """How many pictures more it is given. One that a worker was lost with is painted alone: so it is seen whose
        fault that was."""
        return 0 if any(f.tries for f in self.flights.values()) else self.slots - len(self.flights)


class Hands:
    """A crew of Ray workers. `marks` is what each must have; `remark` hears of workers that are lost."""

    def __init__(self, rays: Rays, marks: bytes, remark: Callable[[ScumbleError], None]) -> None:
        self._rays, self._marks, self._remark = rays, marks, remark
        self._waiting: deque[Flight] = deque()
        self._data: dict[str, Ref] = {}  # of the last order, by digest: styles and masks are mostly the next one's too
        self._hands: list[Hand] = []
        self._told: list[Told] = []
        self._error: ScumbleError | None = None  # why a worker could not be had
        self._since = time.monotonic()  # that no worker is ready
        for _ in range(rays.count):
            self._hire(0)

    @property
    def free(self) -> int:
        """As `Crew.free`."""
        return sum(hand.free for hand in self._hands) - len(self._waiting)

    def give(self, number: int, order: Order) -> None:
        """As `Crew.give`."""
        self._data = {d: self._data.get(d) or self._rays.put(bytes(blob)) for d, blob in order.blobs.items()}
        header = pack_request(order.request, list(self._data))
        self._waiting.append(Flight(number, header, list(self._data.values())))
        self._hand_out()

    def take(self) -> list[Told]:
        """As `Crew.take`. Raises why there is no worker."""
        flying = {ref: hand for hand in self._hands for ref in hand.flights}
        starting = {hand.ready: hand for hand in self._hands if not hand.slots}
        for ref in self._rays.wait([*starting, *flying], WAIT):
            hand = starting.get(ref) or flying[ref]
            if hand in self._hands:
                self._is_ready(hand) if ref in starting else self._has_ended(hand, ref)
        self._hand_out()
        self._check()
        told, self._told = self._told, []
        return told

    def close(self) -> None:
        """As `Crew.close`."""
        self._rays.close()

    def _hire(self, starts: int) -> None:
        worker = self._rays.hire()
        self._hands.append(Hand(worker, self._rays.ready(worker, self._marks), starts))

    def _is_ready(self, hand: Hand) -> None:
        try:
            hand.slots = int(unpack(self._rays.get(hand.ready)).header["slots"])
        except (Lost, ScumbleError) as e:
            self._lose(hand, e)

    def _has_ended(self, hand: Hand, ref: Ref) -> None:
        flight = hand.flights[ref]
        try:
            outcome: Painted | ScumbleError = unpack_painted(*self._rays.get(ref))
        except Lost as e:
            return self._lose(hand, e)
        except ScumbleError as e:
            if e.code.startswith(OF_A_WORKER):
                return self._lose(hand, e)
            outcome = e
        del hand.flights[ref]
        self._told.append(Told(flight.number, outcome))

    def _lose(self, hand: Hand, why: Exception) -> None:
        """A worker is gone, or of no use: others get its pictures, and its place a new one unless none gets ready."""
        self._hands.remove(hand)
        self._rays.dismiss(hand.worker)
        error = why if isinstance(why, ScumbleError) else ScumbleError("cluster-worker", reason=why)
        self._error = error
        self._remark(error)
        for flight in reversed(hand.flights.values()):
            flight.tries += 1
            if flight.tries < TRIES:
                self._waiting.appendleft(flight)
            else:
                lost = ScumbleError("picture-lost", count=TRIES, reason=error.sentence.rstrip("."))
                self._told.append(Told(flight.number, lost))
        starts = 0 if hand.slots else hand.starts + 1
        if starts < TRIES and error.code not in OF_ALL:
            self._hire(starts)

    def _hand_out(self) -> None:
        while self._waiting:
            flight = self._waiting[0]
            able = [h for h in self._hands if h.free > 0 and not (flight.tries and h.flights)]
            if not able:
                return
            hand = max(able, key=lambda h: h.free)
            hand.flights[self._rays.paint(hand.worker, flight.header, flight.blobs)] = self._waiting.popleft()

    def _check(self) -> None:
        """Raise where no worker is left, or none comes."""
        now = time.monotonic()
        if any(hand.slots for hand in self._hands):
            self._since = now
        if not self._hands or now - self._since > START_SECONDS:
            raise self._error or ScumbleError("cluster-empty", seconds=round(START_SECONDS))
