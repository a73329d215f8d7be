"""What is asked of a crew of engines, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol, TypeAlias

from ..wire.engine.alike import like_the_best
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.events import Event, Result
from ..wire.protocol.messages import Buffer
from ..wire.protocol.pixels import PictureRef
from ..wire.request.request import Request

TRIES = 3  # of a picture whose engine, or worker, is lost with it


class Order(NamedTuple):
    """A request with its data, by digest."""

    request: Request
    blobs: Mapping[str, Buffer]


class Painted(NamedTuple):
    """A layer: where and how it lies, its bytes, and the account of the run."""

    picture: PictureRef
    pixels: bytes
    result: Result


Outcome: TypeAlias = "Painted | ScumbleError"


class Told(NamedTuple):
    """What happened to order `number`: an event of its job, or its outcome."""

    number: int
    what: Event | Painted | ScumbleError


class Crew(Protocol):
    """Who paints orders, several at once, in any order. For one thread."""

    @property
    def free(self) -> int:
        """How many orders it can be given now: a few more than it paints at once, whatever the batch's length."""

    def give(self, number: int, order: Order) -> None:
        """Have an order painted."""

    def take(self) -> list[Told]:
        """What happened since, waiting a moment at most. Raises what ends all, such as `engine-lost`."""

    def close(self) -> None:
        """End it, and cancel what is not done."""


def ahead(devices: object) -> int:
    """How many orders an engine is given at once: one for each device that is like its best, and one that waits.

    `devices` is what its hello tells; empty while it has not looked yet.
    """
    found = [d for d in devices if isinstance(d, Mapping)] if isinstance(devices, list) else []
    return 1 + max(1, len(like_the_best(found)))
