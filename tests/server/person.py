"""A user under test: `python -m tests.server.person` does what it is told, line by line, as whoever runs it.

Each line is a JSON list, a name of `DEEDS` and what goes with it; each answer is one line of JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import select
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from scumble.wire import Client, Connection, ScumbleError, read_connection
from scumble.wire.engine.connection import connection_path
from scumble.wire.transport.connect import connect

from .running import ask, wait_for_end

STYLE = "starry-night"
LIMITS = resource.getrlimit(resource.RLIMIT_NOFILE)
clients: list[Client] = []


def arrive(name: str = "test") -> dict[str, Any]:
    """Reach the engine as a plug-in does: its process, its file, its log."""
    clients.append(Client.connect_or_start(name))
    info = clients[-1].info
    return {"pid": info["pid"], "log": info["log"], "file": str(connection_path())}


def address() -> str:
    """Where the engine listens."""
    connection = read_connection()
    assert connection is not None
    return connection.address


def paint(count: int = 1) -> list[str]:
    """So many pictures, one after the other, with the shipped weights; the ids of their jobs."""
    done = []
    for seed in range(count):
        a = ask(1, how=STYLE, seed=seed, size=(96, 64), method="fast")
        job = clients[-1].submit(a.request.honoured(), a.blobs)
        _, end = wait_for_end(clients[-1], job, 50)
        if not hasattr(end, "picture"):
            raise end.error
        assert len(clients[-1].get(end.picture.digest)) == 96 * 64 * 4
        done.append(job)
    return done


def jobs() -> list[str]:
    """What the engine tells of jobs."""
    return [line["job"] for line in clients[-1].jobs()]


def look_for(job: str) -> str:
    """Ask for a job that somebody else has."""
    return clients[-1].attach(job)


def knock(address: str, token: str) -> str:
    """Shake hands with an engine at an address, with a token that was guessed or stolen."""
    connect(Connection(address, token=token), timeout=5).close()
    return "let in"


def crowd(address: str, count: int, seconds: float) -> dict[str, int]:
    """Hold so many connections without a word for so long, in place of each that is ended a new one."""
    host, port = Connection(address, token="x").host_and_port()
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + 100, LIMITS[1]), LIMITS[1]))
    end, opened, ended = time.monotonic() + seconds, 0, 0
    watch, held = select.poll(), {}
    while time.monotonic() < end:
        while len(held) < count and time.monotonic() < end:
            silent = socket.socket()
            silent.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                silent.connect((host, port))
            held[silent.fileno()] = silent
            watch.register(silent, select.POLLRDHUP | select.POLLIN)
            opened += 1
        for fd, _ in [event for event in watch.poll(20) if not _greets(held[event[0]])]:
            watch.unregister(fd)
            held.pop(fd).close()
            ended += 1
    for silent in held.values():
        silent.close()
    return {"opened": opened, "ended": ended, "held": len(held)}


def _greets(silent: socket.socket) -> bool:
    """Whether the other end is there still: it said something, or nothing yet."""
    try:
        return bool(silent.recv(4096))
    except BlockingIOError:
        return True
    except OSError:
        return False


def paint_in_turn(count: int, pause: float) -> list[float]:
    """So many pictures of the slow method, each over a connection of its own; the seconds that each took."""
    took = []
    for seed in range(count):
        begun = time.monotonic()
        arrive()
        a = ask(2, seed=1000 + seed, size=(96, 64))
        picture, data, _ = clients[-1].run(a.request, a.blobs)
        assert picture.format is not None and len(data) == 96 * 64 * 4
        leave()
        took.append(time.monotonic() - begun)
        time.sleep(pause)
    return took


def read(path: str) -> str:
    """A file's text."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def found() -> int:
    """The process of the engine that is found; 0 without one."""
    connection = read_connection()
    return connection.pid if connection else 0


def kill(pid: int, number: int) -> None:
    """Send a signal."""
    os.kill(pid, number)


def leave() -> None:
    """Close all connections."""
    while clients:
        clients.pop().close()


def scumble(*words: str) -> dict[str, Any]:
    """Run the command line here."""
    from scumble.cli import main

    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = main(words)
    return {"code": code, "out": out.getvalue(), "error": error.getvalue()}


DEEDS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (arrive, address, paint, jobs, look_for, knock, crowd, paint_in_turn, read, found, kill, leave, scumble)
}


def main() -> None:
    """Do as told until nothing more comes."""
    for line in sys.stdin:
        name, *words = json.loads(line)
        try:
            answer = {"is": DEEDS[name](*words)}
        except ScumbleError as e:
            answer = {"error": e.code, "says": f"{e.sentence} {e.remedy}"}
        except OSError as e:
            answer = {"error": type(e).__name__, "says": str(e)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
