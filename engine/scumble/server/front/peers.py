"""The connections to the engine's socket: who holds them, and how many may stay open without saying anything.

libzmq accepts every connection while files can be opened; a stranger needs no token for that, and could use up
the owner's. So connections that have said nothing yet are counted by who holds them, and the oldest of too many is hung
up on. A thread does it: the event loop may be busy, and libzmq does not wait.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

import zmq
import zmq.asyncio
from zmq.utils.monitor import recv_monitor_message

from ..limits import FILES_KEPT, SILENT_IN_ALL, SILENT_OF_ONE
from .users import Users

ADDRESS = "inproc://peers"
WATCHED = zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED
LOOK_MS = 200  # until it looks whether it is to end
PAUSE_SECONDS = 0.005  # what comes meanwhile is looked at together


@dataclass
class _Peer:
    port: int
    who: str
    spoke: bool = False


class Peers:
    """Watches a ROUTER that is about to listen. Where files cannot be looked at (Windows), it does nothing."""

    def __init__(self, context: zmq.asyncio.Context, router: zmq.asyncio.Socket) -> None:
        self._works = sys.platform != "win32"
        self._router, self._port = router, 0
        self._peers: dict[int, _Peer] = {}  # by file number, the oldest first
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="peers", daemon=True)
        if not self._works:
            return
        self._most = min(SILENT_IN_ALL, _files() // 4)
        self._nothing = os.open(os.devnull, os.O_RDONLY)
        self._spare = os.dup(self._nothing)  # a place to look at a file from, also when there is none left
        self._users = Users()
        self._monitor: Any = zmq.Context.shadow(context.underlying).socket(zmq.PAIR)
        self._monitor.set(zmq.RCVHWM, 0)  # the thread that accepts must not wait for this one
        router.monitor(ADDRESS, WATCHED)
        self._monitor.connect(ADDRESS)

    def start(self, port: int) -> None:
        """Begin; the socket listens at `port`."""
        self._port = port
        if self._works:
            self._thread.start()

    def spoke(self, fd: int) -> int:
        """A message came over file number `fd`, so its peer was let in; the peer's port, by which to `hang_up`."""
        with self._lock:
            port = self._look(fd) if self._works else 0
            if port:
                known = self._peers.get(fd)
                if known is None or known.port != port:
                    known = self._peers[fd] = _Peer(port, "")
                known.spoke = True
            return port

    def hang_up(self, fd: int, port: int) -> None:
        """End the connection over file `fd` if its peer is still the one at `port`."""
        with self._lock:
            if self._works and port:
                self._look(fd, port)

    def close(self) -> None:
        """Stop watching; before the context ends."""
        self._closed = True
        if not self._works:
            return
        if self._thread.is_alive():
            self._thread.join()
        with contextlib.suppress(zmq.ZMQError):
            self._router.disable_monitor()
        self._monitor.close(0)
        self._users.close()
        os.close(self._spare)
        os.close(self._nothing)

    def _run(self) -> None:
        while not self._closed:
            if self._monitor.poll(LOOK_MS):
                self._take(self._waiting())
                time.sleep(PAUSE_SECONDS)

    def _waiting(self) -> list[tuple[int, int]]:
        """The events that wait, as their kinds and file numbers."""
        found = []
        while self._monitor.poll(0):
            event: dict[str, Any] = dict(recv_monitor_message(self._monitor))
            found.append((event["event"], event["value"]))
        return found

    def _take(self, events: list[tuple[int, int]]) -> None:
        with self._lock:
            new = []
            for kind, fd in events:
                if kind != zmq.EVENT_ACCEPTED:
                    self._peers.pop(fd, None)
                    continue
                port = self._look(fd)
                if port and not self._is_known(fd, port):
                    self._peers[fd] = _Peer(port, "")
                    new.append(fd)
            whose = self._users.of_ports(self._port) if new else {}
            for fd in new:
                if fd in self._peers:
                    self._peers[fd].who = whose.get(self._peers[fd].port) or self._host(fd)
            self._make_room()

    def _is_known(self, fd: int, port: int) -> bool:
        """Whether that connection spoke already: its words may come before the news of it."""
        known = self._peers.get(fd)
        if known is not None and known.port == port:
            return True
        self._peers.pop(fd, None)
        return False

    def _make_room(self) -> None:
        """Hang up on the oldest of too many that say nothing; on the owner's only when files run out."""
        silent = [(fd, p) for fd, p in self._peers.items() if not p.spoke]
        strangers = [(fd, p) for fd, p in silent if p.who != self._users.own]
        counts: dict[str, int] = {}
        for fd, peer in reversed(strangers):
            counts[peer.who] = counts.get(peer.who, 0) + 1
            if counts[peer.who] > (self._most if peer.who == self._users.unknown else SILENT_OF_ONE):
                self._drop(fd)
        left = [fd for fd, _ in strangers if fd in self._peers]
        for fd in left[: max(0, len(left) - self._most)]:
            self._drop(fd)
        held = [fd for fd, _ in silent if fd in self._peers]
        for fd in held[: max(0, len(self._peers) - max(self._most, _files() - FILES_KEPT))]:
            self._drop(fd)

    def _drop(self, fd: int) -> None:
        self._look(fd, self._peers.pop(fd).port)

    def _host(self, fd: int) -> str:
        host = self._peer_of(fd)[0]
        return self._users.unknown if host.startswith("127.") or host in ("", "::1", "::ffff:127.0.0.1") else host

    def _look(self, fd: int, hang_up: int = 0) -> int:
        """The port of the peer at the other end of file `fd`, 0 without one. The peer at a port to `hang_up` goes."""
        return self._peer_of(fd, hang_up)[1]

    def _peer_of(self, fd: int, hang_up: int = 0) -> tuple[str, int]:
        """Host and port of a peer. libzmq may close the file meanwhile, so that a copy of it is looked at."""
        try:
            os.dup2(fd, self._spare, inheritable=False)
            copy = socket.socket(fileno=self._spare)
        except OSError:  # closed, or another file by now
            return "", 0
        try:
            host, port = copy.getpeername()[:2]
            if copy.getsockname()[1] != self._port:
                return "", 0
            if hang_up and port == hang_up:
                copy.shutdown(socket.SHUT_RDWR)
            return str(host), int(port)
        except OSError:
            return "", 0
        finally:
            copy.detach()
            os.dup2(self._nothing, self._spare, inheritable=False)  # else the copy would keep it open


def _files() -> int:
    """How many files this process may have open."""
    if sys.platform == "win32":
        return SILENT_IN_ALL * 4
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return SILENT_IN_ALL * 64 if soft == resource.RLIM_INFINITY else soft
