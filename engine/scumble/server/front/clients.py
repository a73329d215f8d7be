"""Clients as the engine sees them: when they last spoke, and what waits to be sent to them."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..limits import ALONE_SECONDS, CLIENT_SECONDS, CLIENTS, OUTBOX_MESSAGES

Frames = tuple[dict[str, Any], tuple[bytes, ...]]
Outgoing = Callable[[], Frames]  # made when it can be sent, so that what waits costs no memory


class Place:
    """The place of a reply in an outbox, before the events that it causes; `outgoing` comes later."""

    outgoing: Outgoing | None = None

    @property
    def ready(self) -> bool:
        """Whether there is something to send."""
        return self.outgoing is not None

    def __call__(self) -> Frames:
        """See `Outgoing`."""
        assert self.outgoing is not None
        return self.outgoing()


_serial = itertools.count()


@dataclass
class ConnectedClient:
    """One connection. `outbox` maps a name to what is to be sent; a newer event of the same name takes its place."""

    identity: bytes
    seen: float
    greeted: bool = False
    told: float = 0.0  # when something was last sent
    line: tuple[int, int] = (-1, 0)  # its connection: the file's number, the peer's port
    patience: float = ALONE_SECONDS  # of its jobs, when its connection broke
    outbox: OrderedDict[Hashable, Outgoing] = field(default_factory=OrderedDict)

    @property
    def waits(self) -> bool:
        """Whether the next reply is not ready yet, so that everything behind it waits."""
        first = next(iter(self.outbox.values()), None)
        return isinstance(first, Place) and not first.ready

    def put(self, outgoing: Outgoing, name: Hashable = None) -> bool:
        """Add to the outbox. False when too much waits: the client does not read."""
        self.outbox[next(_serial) if name is None else name] = outgoing
        return len(self.outbox) <= OUTBOX_MESSAGES


class Clients:
    """The known clients, least recently heard first."""

    def __init__(self) -> None:
        self._clients: OrderedDict[bytes, ConnectedClient] = OrderedDict()

    def __iter__(self) -> Iterator[ConnectedClient]:
        return iter(list(self._clients.values()))

    def heard(self, identity: bytes, now: float) -> ConnectedClient:
        """The client that just spoke; a new one is made known."""
        client = self._clients.get(identity)
        if client is None:
            client = self._clients[identity] = ConnectedClient(identity, now)
        client.seen = now
        self._clients.move_to_end(identity)
        return client

    def get(self, identity: bytes) -> ConnectedClient | None:
        """The client, if it is known still."""
        return self._clients.get(identity)

    def forget(self, client: ConnectedClient) -> None:
        """Drop a client with all that waits for it."""
        client.outbox.clear()
        self._clients.pop(client.identity, None)

    def expired(self, now: float) -> list[ConnectedClient]:
        """Clients not heard for long, and the oldest of too many."""
        old = [c for c in self if now - c.seen > CLIENT_SECONDS]
        return old or list(self)[: max(0, len(self._clients) - CLIENTS)]
