"""A TCP connection on its way, without waiting for it."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import sys

from .base import ConnectionLost

_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)  # select() fails above descriptor 1023
_UNDER_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, getattr(errno, "WSAEWOULDBLOCK", 0)}

# Krita leaves SIGPIPE as it is at first: writing to an engine that has just died would end Krita, the pictures with it.
NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)
_DARWIN_NO_SIGNAL = 0x1022  # SO_NOSIGPIPE, which Python does not name


class TcpConnection:
    """A socket that connects in the background, to each address of a name in turn; `socket` is the newest."""

    def __init__(self, host: str, port: int) -> None:
        """Begin. Raises `ConnectionLost`. Only loopback comes here, whose names need no network to be resolved."""
        try:
            self._left = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as e:
            raise ConnectionLost(str(e)) from e
        self._begin(0)

    def ready(self, timeout: float = 0.0) -> bool:
        """Whether it is connected, after at most `timeout` seconds an address. Raises `ConnectionLost`."""
        while wait_for(self.socket, selectors.EVENT_WRITE, timeout):
            code = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code == 0:
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if sys.platform == "darwin":
                    self.socket.setsockopt(socket.SOL_SOCKET, _DARWIN_NO_SIGNAL, 1)
                return True
            self.socket.close()
            self._begin(code)
        return False

    def _begin(self, code: int) -> None:
        while self._left:
            family, kind, protocol, _, address = self._left.pop(0)
            try:
                self.socket = socket.socket(family, kind, protocol)
            except OSError as e:  # no IPv6 here, say
                code = e.errno or 0
                continue
            self.socket.setblocking(False)
            code = self.socket.connect_ex(address)
            if code in _UNDER_WAY:
                return
            self.socket.close()
        raise ConnectionLost(os.strerror(code))


def wait_for(sock: socket.socket, events: int, seconds: float) -> bool:
    """Whether one of the selector's `events` is there, after at most `seconds`."""
    with _Selector() as selector:
        selector.register(sock, events)
        return bool(selector.select(seconds))
