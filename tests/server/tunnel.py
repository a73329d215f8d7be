"""A port forwarder, as “ssh -N -L” is one: what reaches its port goes on to another."""

from __future__ import annotations

import contextlib
import socket
import threading


class Tunnel:
    """Forwards a loopback port of the system's choice, which is `port`, to `target` until `close`."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.opened = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for s in [self._door, *self._open]:
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)
            s.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                self.opened += 1
                self.forward(near)

    def forward(self, near: socket.socket) -> None:
        """What is done with a caller."""
        far = socket.create_connection(("127.0.0.1", self._target))
        self._open += [near, far]
        for a, b in ((near, far), (far, near)):
            threading.Thread(target=_pump, args=(a, b), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)
