"""What the command line can do with the engine: serve, stop, status, doctor. Plain dictionaries, and their text."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from ..wire.client.client import Client
from ..wire.engine.connection import Connection, connection_path, read_connection
from ..wire.engine.folders import runtime_folder
from ..wire.engine.launch import STARTER, error_line
from ..wire.engine.processes import is_alive, is_locked, namespace
from ..wire.engine.remote import remote_connection
from ..wire.protocol.errors import ScumbleError
from .doctor.doctor import examine, render_doctor
from .front.auth import Door, make_door
from .front.connectionfile import ConnectionFile
from .front.front import Front
from .front.lock import EngineLock
from .logs import start_log
from .settings import Settings
from .version import VERSION

__all__ = ["doctor", "render_doctor", "render_status", "serve", "status", "stop"]

EXIT_CODES = {"engine-running": 3, "address-refused": 4, "address-unusable": 4, "keys-unreadable": 4}
STOP_SECONDS = 10.0
TEND_SECONDS = 2.0  # between two looks at the connection file


def serve(settings: Settings | None = None) -> int:
    """Run the engine in this process until it ends; its exit code: 0; 3 when one runs already; 4 for a bad address; 1.

    An error is one line on standard error; for a program that started this, another as JSON.
    """
    settings = settings or Settings()
    try:
        lock = EngineLock(runtime_folder())
        lock.acquire()
        try:
            with contextlib.suppress(OSError):  # left by an engine that crashed: no client may take it for this one's
                connection_path().unlink()
            log = str(start_log())
            _run(_serve(settings, log, lock))
        finally:
            lock.release()
    except ScumbleError as e:
        error = e
    except OSError as e:  # one of its folders cannot be used
        logging.getLogger("scumble").exception("the engine ends")
        error = ScumbleError("file-write", name=e.filename or "", reason=e.strerror or e)
    else:
        return 0
    print(f"scumble: {error}", file=sys.stderr)
    if STARTER in os.environ:
        print(error_line(error), file=sys.stderr)
    return EXIT_CODES.get(error.code, 1)


def _run(serving: Coroutine[None, None, None]) -> None:
    if sys.platform != "win32":
        return asyncio.run(serving)
    with contextlib.closing(asyncio.SelectorEventLoop()) as loop:  # ZeroMQ's sockets need one that selects
        loop.run_until_complete(serving)


async def _serve(settings: Settings, log: str, lock: EngineLock) -> None:
    door = make_door(settings)
    front = Front(settings, door)
    stop = asyncio.Event()
    _on_signals(stop)
    try:
        address = front.bind(settings.address)
        connection_file = ConnectionFile(_connection(address, door, log), lock)
        connection_file.write()
        if sys.stdout and sys.stdout.isatty():
            print(f"scumble: listening at {address}; Ctrl+C ends it.", flush=True)
        tending = asyncio.ensure_future(_tend(connection_file, front))
        try:
            await front.run(stop)
        finally:
            tending.cancel()
            connection_file.remove()
    finally:
        await front.close()


def _connection(address: str, door: Door, log: str) -> Connection:
    """What this machine's clients are told."""
    near = address.replace("tcp://0.0.0.0:", "tcp://127.0.0.1:").replace("tcp://[::]:", "tcp://[::1]:")
    keys = Connection(near, door.token, door.server.public, client_key=door.local[0], client_secret=door.local[1])
    return replace(keys, pid=os.getpid(), namespace=namespace(), version=VERSION, log=log)


async def _tend(connection_file: ConnectionFile, front: Front) -> None:
    """Keep the connection file; an engine whose place another has taken ends with its last job."""
    while True:
        await asyncio.sleep(TEND_SECONDS)
        if not connection_file.keep():
            front.engine.shut_down(now=False)


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is None or signal.getsignal(number) is signal.SIG_IGN:  # as nohup leaves it
            continue
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))


def status() -> dict[str, Any]:
    """The engine's state: `{"running": False}`, or with `address` and all that the message `status` tells."""
    remote = remote_connection()
    connection = remote or read_connection()
    if connection is None:
        return {"running": False}
    with _client(connection, remote is not None) as client:
        place = {"address": connection.address, "remote": remote is not None, "file": str(connection_path())}
        return {
            "running": True,
            **place,
            "log": client.info.get("log", ""),
            "package": client.info.get("package", ""),
            **client.status(),
        }


def _client(connection: Connection, remote: bool) -> Client:
    """A client of the engine. Raises `remote-unreachable` for one elsewhere that is not there."""
    if not remote:
        return Client.connect_to(connection, "status", VERSION)
    return Client.connect_or_start("status", VERSION)


def on_jobs(what: str, states: Sequence[str], job: str = "") -> list[dict[str, Any]]:
    """Send `what` (“pause”, “resume”) for each job in one of `states`, or for `job` alone; their lines of `jobs`.

    Raises `job-unknown`.
    """
    remote = remote_connection()
    connection = remote or read_connection()
    if connection is None:
        if job:
            raise ScumbleError("job-unknown", job=job)
        return []
    with _client(connection, remote is not None) as client:
        found = [j for j in client.jobs() if (j["job"] == job if job else j["state"] in states)]
        if job and not found:
            raise ScumbleError("job-unknown", job=job)
        return [{**j, "state": client.ask(what, job=j["job"]).get("state", "")} for j in found]


def stop(now: bool = False) -> dict[str, Any]:
    """End this machine's engine: with its last job, or at once. One that does not answer is ended by the system.

    `state` is “none” (there was no engine), “stopped”, or “stopping” while jobs are left.
    """
    connection = read_connection()
    if connection is None:
        return {"state": "none"}
    try:
        with Client.connect_to(connection, "stop", VERSION) as client:
            client.shutdown(now)
    except ScumbleError as e:
        if e.code not in ("engine-silent", "engine-refused", "engine-lost"):
            raise
        if connection.pid_is_here:
            _end_process(connection.pid)
    return {"state": "stopped" if _wait_for_end(connection, STOP_SECONDS) else "stopping"}


def _end_process(pid: int) -> None:
    """End an engine that does not answer, never another process that has its number by now: the lock tells."""
    lock = EngineLock(runtime_folder())
    try:
        lock.acquire()
    except ScumbleError:
        os.kill(pid, signal.SIGTERM)
        if not _wait_until(lambda: not is_alive(pid), STOP_SECONDS / 2):
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    else:
        lock.release()


def _wait_for_end(connection: Connection, seconds: float) -> bool:
    lock = EngineLock(runtime_folder()).path
    return _wait_until(lambda: not (is_alive(connection.pid) if connection.pid_is_here else is_locked(lock)), seconds)


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def doctor() -> dict[str, Any]:
    """Look at everything the engine needs: `{"ok": …, "checks": [{name, ok, text, remedy}]}`."""
    return examine(status)


def render_status(report: dict[str, Any]) -> str:
    """`status` as text."""
    if not report["running"]:
        return "No engine is running. One starts when it is needed."
    jobs, store = report["jobs"], report["store"]
    paused = f"{jobs['paused']} paused, " if jobs.get("paused") else ""
    lines = [
        f"Engine {report['version']} at {report['address']} (process {report['pid']}): {report['state']}",
        f"  up for {report['uptime'] / 60:.0f} min; jobs: {jobs['queued']} waiting, {jobs['running']} running, {paused}"
        f"{jobs['done']} ended",
        f"  store: {store['blobs']} pictures, {store['bytes'] / 1e6:.0f} MB; log: {report['log']}",
        "  on another machine" if report.get("remote") else f"  connection file: {report.get('file', '')}",
    ]
    for w in report["workers"]:
        lines.append(f"  worker {w['pid']} on {w['device']}: {w['state']}, {w['memory'] / 1e6:.0f} MB")
    return "\n".join(lines)
