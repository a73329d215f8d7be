"""The transport through pyzmq: PLAIN on loopback, CURVE beyond it. Imported only where pyzmq loads."""

from __future__ import annotations

import time
from typing import List, Optional, Sequence

import zmq
from zmq.utils.monitor import recv_monitor_message

from ..engine.connection import Connection
from ..protocol.errors import ScumbleError
from ..protocol.messages import MAX_FRAME, USER, Buffer
from .base import ConnectionLost

_GONE = zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED | zmq.EVENT_CONNECT_RETRIED
_REFUSED = zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
_FAILED = zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
_WATCHED = _GONE | _REFUSED | _FAILED | zmq.EVENT_CONNECTED | zmq.EVENT_HANDSHAKE_SUCCEEDED
QUEUE = 1000  # messages received and not yet taken; then the engine has to wait


class ZmqTransport:
    """A DEALER that never reconnects by itself: a new connection is a new client to the engine."""

    name = "pyzmq"

    def __init__(self, connection: Connection) -> None:
        """Begin to connect; `shake` goes on with it."""
        self.log = connection.log
        self._lost: Optional[Exception] = None
        self._open = self._connected = False
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._monitor = self._socket.get_monitor_socket(_WATCHED)
        try:
            self._configure(connection)
            self._socket.connect(connection.address)
        except BaseException:
            self.close()
            raise

    def _configure(self, connection: Connection) -> None:
        s = self._socket
        s.linger, s.reconnect_ivl, s.maxmsgsize = 0, -1, MAX_FRAME
        s.sndhwm, s.rcvhwm = 0, QUEUE  # sending never waits: who sends keeps count, as with the pure one
        s.ipv6 = "[" in connection.address
        if connection.server_key:
            own = connection.client_key.encode(), connection.client_secret.encode()
            s.curve_publickey, s.curve_secretkey = own if all(own) else zmq.curve_keypair()
            s.curve_serverkey = connection.server_key.encode()
        else:
            s.plain_username, s.plain_password = USER.encode(), connection.token.encode()

    def shake(self, timeout: float = 0.0) -> bool:
        """See `Transport.shake`."""
        deadline = time.monotonic() + timeout
        self._watch()
        while not self._open:
            if self._lost is not None:
                raise self._lost
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._monitor.poll(int(left * 1000) + 1)
            self._watch()
        return True

    def send(self, frames: Sequence[Buffer]) -> None:
        """See `Transport.send`."""
        self._watch()
        if self._lost is not None:
            raise self._lost
        try:
            self._socket.send_multipart(frames, zmq.DONTWAIT, copy=True)
        except zmq.ZMQError as e:
            raise ConnectionLost(str(e)) from e

    def poll(self, timeout: float = 0.0) -> bool:
        """See `Transport.poll`."""
        if self._context.closed:
            raise ConnectionLost("closed")
        if self._socket.poll(0):
            return True
        self._watch()
        if self._lost is None and timeout > 0:
            poller = zmq.Poller()
            poller.register(self._socket, zmq.POLLIN)
            poller.register(self._monitor, zmq.POLLIN)
            poller.poll(int(timeout * 1000) + 1)
            self._watch()
        if self._socket.poll(0):  # also what came before the end
            return True
        if self._lost is not None:
            raise self._lost
        return False

    def receive(self) -> Optional[List[Buffer]]:
        """See `Transport.receive`."""
        if self._context.closed:
            return None
        try:
            return list(self._socket.recv_multipart(zmq.DONTWAIT))
        except zmq.Again:
            return None

    def close(self) -> None:
        """See `Transport.close`."""
        if not self._context.closed:
            self._socket.disable_monitor()
            self._context.destroy(linger=0)

    def _watch(self) -> None:
        """Read what happened to the connection."""
        if self._context.closed:
            self._lost = self._lost or ConnectionLost("closed")
            return
        while self._monitor.poll(0):
            event = recv_monitor_message(self._monitor)["event"]
            if event & zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self._open = True
            elif event & zmq.EVENT_CONNECTED:
                self._connected = True
            elif event & _REFUSED or (self._connected and not self._open):
                self._lost = self._lost or ScumbleError("engine-refused")
            else:
                reason = "the engine closed the connection" if self._connected else "nothing listens there"
                self._lost = self._lost or ConnectionLost(reason)
