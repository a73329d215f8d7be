"""The front: the socket, the clients' messages in, replies and events out. It never computes and never waits."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any, cast

import zmq
import zmq.asyncio

from ...wire.engine.connection import split_address
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.messages import MAX_FRAME, Message, decode, encode, readable_id, request_id
from ..limits import HANDSHAKE_SECONDS
from ..logs import log_path
from ..settings import Settings
from .auth import Door, guard
from .checks import named
from .clients import ConnectedClient, Frames, Outgoing, Place
from .engine import Engine
from .handlers import BEFORE_HELLO, HANDLERS, Answer
from .peers import Peers

log = logging.getLogger("scumble.front")

TICK_SECONDS = 0.25
BLOCKED_SECONDS = 0.01  # until a client that could take no more is tried again
FAREWELL_SECONDS = 1.0  # for the last messages
ABOUT_DATA = ("have", "put", "get", "submit", "train")  # messages
QUEUE_MESSAGES = 32  # each way and client, in the socket; what is more waits in the outbox or at the client


class Front:
    """An engine behind its ROUTER. `run` until it is told to stop, or has nothing to do for long."""

    def __init__(self, settings: Settings, door: Door) -> None:
        self._context = zmq.asyncio.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self._authenticator = guard(self._context, self._socket, door)
        self._peers = Peers(self._context, self._socket)
        self.engine = Engine(settings, self._wake, lambda client: self._peers.hang_up(*client.line))
        self._awake = False
        self._later: list[asyncio.Future[None]] = []  # answers that wait for data to be looked at
        self._configure()

    def bind(self, address: str) -> str:
        """Listen; the address with the port chosen. Raises `address-unusable`."""
        try:
            self._socket.ipv6 = "[" in address
            self._socket.bind(address)
        except zmq.ZMQError as e:
            raise ScumbleError("address-unusable", address=address, reason=zmq.strerror(e.errno or 0)) from e
        bound = cast(bytes, self._socket.last_endpoint).decode()
        self._peers.start(split_address(bound)[1])
        return bound

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop`, a shutdown or idleness."""
        self.engine.scheduler.warm()
        receiving = asyncio.ensure_future(self._receive())
        try:
            while not self.engine.ended and not receiving.done():
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(stop.wait(), TICK_SECONDS)
                if stop.is_set():
                    self.engine.shut_down(now=True)
                    stop.clear()
                self._tick()
        finally:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)

    def _configure(self) -> None:
        s = self._socket
        s.router_mandatory, s.linger = True, 200
        s.maxmsgsize = MAX_FRAME
        s.sndhwm = s.rcvhwm = QUEUE_MESSAGES
        s.handshake_ivl = int(HANDSHAKE_SECONDS * 1000)
        s.heartbeat_ivl, s.heartbeat_timeout = 5000, 30000  # ends connections whose peer is gone without a word

    async def _receive(self) -> None:
        while True:
            identity, *frames = await self._socket.recv_multipart(copy=False)
            try:
                self._take(identity, [frame.bytes for frame in frames])
            except Exception:  # whatever a client sends, the next one is served
                log.exception("a message could not be handled")
            await asyncio.sleep(0)  # what is there comes without waiting: a flood must not shut out the rest

    def _take(self, identity: zmq.Frame, frames: list[bytes]) -> None:
        now = time.monotonic()
        client = self.engine.clients.heard(identity.bytes, now)
        if client.line[0] < 0:
            fd = identity.get(zmq.SRCFD)
            client.line = fd, self._peers.spoke(fd)
        try:
            message = decode(frames)
        except ScumbleError as e:
            self._reply(client, readable_id(frames), e)
            return
        number = request_id(message.header)
        if number is None:
            return
        if message.type != "ping":
            self.engine.active = now
        place = Place()  # before the events that the handler may cause
        if not client.put(place):
            return self.engine.leave(client)
        doubts = self._doubts(message)
        if doubts:
            self._later = [t for t in self._later if not t.done()]
            self._later.append(asyncio.ensure_future(self._answer_later(client, message, number, place, doubts)))
        else:
            place.outgoing = _outgoing(number, self._answer(client, message))
            self._wake()

    def _doubts(self, message: Message) -> list[str]:
        """The digests in a message whose files have to be checked before it is answered."""
        if message.type not in ABOUT_DATA:
            return []
        return [digest for digest in named(message.header) if self.engine.store.doubtful(digest)]

    async def _answer_later(
        self, client: ConnectedClient, message: Message, number: int, place: Place, doubts: list[str]
    ) -> None:
        await self.engine.store.verify(doubts)
        place.outgoing = _outgoing(number, self._answer(client, message))
        self._wake()

    def _answer(self, client: ConnectedClient, message: Message) -> Answer | ScumbleError:
        try:
            handler = HANDLERS.get(message.type)
            if handler is None:
                raise ScumbleError("message-unknown", type=message.type[:60])
            if not client.greeted and message.type not in BEFORE_HELLO:
                raise ScumbleError("hello-missing")
            return handler(self.engine, client, message)
        except ScumbleError as e:
            return e
        except Exception as e:
            return _internal(e)

    def _reply(self, client: ConnectedClient, number: int | None, answer: dict[str, Any] | ScumbleError) -> None:
        if number is not None:
            if not client.put(_outgoing(number, answer)):
                return self.engine.leave(client)
            self._wake()

    def _wake(self) -> None:
        if not self._awake:
            self._awake = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        """Send what waits; a client that can take no more is tried again a little later."""
        self._awake = False
        blocked = [c for c in self.engine.clients if c.outbox and not c.waits and not self._send_all(c)]
        if blocked and not self._awake:
            self._awake = True
            asyncio.get_running_loop().call_later(BLOCKED_SECONDS, self._flush)

    def _send_all(self, client: ConnectedClient) -> bool:
        """Empty an outbox. False when the socket can take no more for this client now."""
        client.told = time.monotonic()
        while client.outbox and not client.waits:
            name, outgoing = client.outbox.popitem(last=False)
            frames = outgoing()
            try:
                sending = self._socket.send_multipart([client.identity, *encode(*frames)], zmq.DONTWAIT)
                cast("asyncio.Future[Any]", sending).result()  # done at once, either way
            except zmq.Again:
                client.outbox[name] = lambda frames=frames: frames  # type: ignore[misc]
                client.outbox.move_to_end(name, last=False)
                return False
            except zmq.ZMQError:  # nobody is there any more
                self.engine.leave(client)
            except ScumbleError as e:  # an event of a method of the user's own, too large to send
                log.warning("a message to a client was dropped: %s", e)
        return True

    def _tick(self) -> None:
        try:
            self.engine.tick(time.monotonic())
        except Exception:
            log.exception("housekeeping failed")

    async def close(self) -> None:
        """End the workers, tell the clients the end of their jobs, and close the socket."""
        await asyncio.to_thread(self.engine.close)
        end = time.monotonic() + FAREWELL_SECONDS
        await asyncio.sleep(BLOCKED_SECONDS)  # what the workers' end caused comes first
        while any(c.outbox for c in self.engine.clients) and time.monotonic() < end:
            await asyncio.sleep(BLOCKED_SECONDS)
        for socket in (
            self._socket,
            self._authenticator.zap_socket,
        ):  # select(), all that Windows has, fails on closed ones
            asyncio.get_running_loop().remove_reader(cast(int, socket.fd))
        self._authenticator.stop()
        self._peers.close()
        self._context.destroy(linger=200 if self.engine.hasty else 2000)


def _outgoing(number: int, answer: Any) -> Outgoing:
    """A function that makes the frames of a reply, at the moment when it can be sent."""

    def make() -> Frames:
        try:
            if isinstance(answer, ScumbleError):
                raise answer
            header, raw = answer() if callable(answer) else (answer, ())
            return {**header, "type": "ok", "re": number}, raw
        except ScumbleError as e:
            return {"type": "error", "re": number, "error": e.to_plain()}, ()

    return make


def _internal(error: Exception) -> ScumbleError:
    log.error("a handler failed", exc_info=error)
    return ScumbleError("internal", reason=type(error).__name__, log=log_path())
