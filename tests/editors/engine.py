"""A real engine for an editor under test: its folders, how the editor starts it, and its end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scumble.wire import Client, read_connection
from scumble.wire.engine.connection import Connection
from scumble.wire.engine.processes import is_alive

ROOT = Path(__file__).parents[2]
SLOW = ("--method-module", "slow_method")  # a style's name says how it behaves: tests/server/slow_method.py


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 20.0) -> Any:
    """What `condition` gives, once it is something."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"{what}: not in {seconds} s"
        time.sleep(0.02)
    return found


class EngineHome:
    """Folders of a test's own for an engine, in `folder`; `arguments` are its own. Nothing runs yet."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.arguments = ["--device", "cpu", *arguments]
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """How it is started; editors clean PYTHONPATH, so it is set once more."""
        paths = os.pathsep.join(str(ROOT / p) for p in ("engine", "tests/server"))
        # Tests run side by side, and a worker that gives way to them is not awaited.
        settings = [f"PYTHONPATH={paths}", "OMP_NUM_THREADS=1", "SCUMBLE_NICENESS=0"]
        return ["/usr/bin/env", *settings, sys.executable, "-m", "scumble.server", *self.arguments]

    def environment(self, way: Sequence[str] = ()) -> dict[str, str]:
        """What an editor must be given to start and find this engine and no other; `way` leads from where it runs."""
        folders = {f"SCUMBLE_{n.upper()}": str(self.folder / n) for n in ("runtime", "data", "cache", "logs")}
        return {**folders, "SCUMBLE_ENGINE": json.dumps([*way, *self.command()])}

    def start(self) -> Connection:
        """Start it before the editor does, and wait until it listens."""
        log = self.folder / "engine.log"
        self.folder.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as out:
            env = {**os.environ, **self.environment()}
            self.process = subprocess.Popen(self.command(), env=env, stdout=out, stderr=out, start_new_session=True)
        found: Connection = wait_until(self.connection, f"the engine listens; its log is {log}", 40)
        return found

    def connection(self) -> Connection | None:
        """Where it listens; None while none runs."""
        return read_connection(self.folder / "runtime")

    def client(self) -> Client:
        """A client of the running engine, to look at it from outside."""
        connection = self.connection()
        assert connection is not None, "no engine runs"
        return Client.connect_to(connection, "test")

    def stop(self) -> None:
        """End it, whoever started it, its workers too; also one that does not listen yet or was stopped."""
        for number in (signal.SIGCONT, signal.SIGTERM, signal.SIGKILL):
            for pid in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            end = time.monotonic() + (15 if number == signal.SIGTERM else 0)
            while time.monotonic() < end and self.processes():
                time.sleep(0.02)
        if self.process is not None:
            self.process.wait(10)  # collects it, where it was ending just when it was looked at

    def processes(self) -> list[int]:
        """The engine's processes that run: those of `scumble.server` whose runtime folder is this one."""
        if self.process is not None:
            self.process.poll()  # collects it
        mark = f"SCUMBLE_RUNTIME={self.folder / 'runtime'}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                ours = b"scumble.server" in (entry / "cmdline").read_bytes()
                if ours and mark in (entry / "environ").read_bytes().split(b"\0") and is_alive(int(entry.name)):
                    found.append(int(entry.name))
        return found
