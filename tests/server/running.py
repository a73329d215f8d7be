"""A real engine in a process of its own, with folders of its own and real workers; and requests for it."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scumble.wire import Client, PictureRef, PixelFormat, Request, Style, digest_of, read_connection
from scumble.wire.client.submission import Submission
from scumble.wire.engine.connection import Connection
from scumble.wire.engine.folders import data_folder
from scumble.wire.engine.launch import COMMAND_FILE
from scumble.wire.protocol.events import Event, Failed, Result

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "engine"
FAST = ["--method-module", "slow_method", "--device", "cpu"]


def wait_until(condition: Callable[[], Any], seconds: float = 20.0, what: str = "it") -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"{what} did not happen in {seconds} s"
        time.sleep(0.01)
    return found


@dataclasses.dataclass
class Running:
    """An engine process under test."""

    process: subprocess.Popen[str]
    folder: Path
    clients: list[Client] = dataclasses.field(default_factory=list)

    @property
    def connection(self) -> Connection:
        found = read_connection(self.folder / "runtime")
        assert found is not None
        return found

    def client(self) -> Client:
        client = Client.connect_to(self.connection, "test")
        self.clients.append(client)
        return client

    def workers(self) -> list[dict[str, Any]]:
        with Client.connect_to(self.connection) as client:
            return list(client.status()["workers"])

    def worker(self, state: str) -> dict[str, Any]:
        found = lambda: next((w for w in self.workers() if w["state"] == state), None)  # noqa: E731
        return wait_until(found, 60.0, f"a {state} worker")  # one that warms up loads all networks first

    def ended(self, seconds: float = 10.0) -> int:
        return self.process.wait(seconds)


def environment(folder: Path) -> dict[str, str]:
    folders = {f"SCUMBLE_{n.upper()}": str(folder / n) for n in ("runtime", "data", "cache", "logs")}
    path = os.pathsep.join([str(PACKAGE), str(HERE)])
    usual = {"SCUMBLE_NICENESS": "0"}  # tests run side by side, and a worker that gives way to them is not awaited
    return {**usual, **os.environ, **folders, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}


def launch(folder: Path, arguments: Sequence[str], **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "scumble.server", *arguments]
    return subprocess.Popen(command, env=environment(folder), stderr=subprocess.PIPE, text=True, **options)


@dataclasses.dataclass
class Ask:
    """A small request over a picture of its own."""

    request: Request
    blobs: dict[str, bytes]
    pixels: np.ndarray[Any, Any]


def ask(
    steps: int = 3, how: str = "obey", seed: int | None = None, size: tuple[int, int] = (12, 8), **options: Any
) -> Ask:
    """A request for the slow method: `steps` of 20 ms; each has its own picture unless `seed` says which."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (size[1], size[0], 3), np.uint8)
    data = pixels.tobytes()
    content = PictureRef(digest_of(data), PixelFormat(*size, 3), 5, 7)
    request = Request(iterations=steps, styles=(Style(name=how),), content=content, canvas=size, **options)
    return Ask(request, {content.digest: data}, pixels)


def wait_for_end(client: Client, job: str, seconds: float = 30.0) -> tuple[list[Event], Result | Failed]:
    """All events of a job, and the last."""
    events: list[Event] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for event in client.poll(0.2):
            if event.job == job:
                events.append(event)
                if isinstance(event, (Result, Failed)):
                    return events, event
    raise AssertionError(f"the job did not end in {seconds} s; it told {[type(e).__name__ for e in events]}")


def note_command(words: Sequence[str]) -> Path:
    """Write down how the engine is started, as the installer does; the file."""
    path = data_folder() / COMMAND_FILE
    path.write_text(json.dumps({"command": list(words)}), "utf-8")
    return path


def submit(client: Client, a: Ask, **options: Any) -> str:
    return client.send(Submission(a.request, a.blobs, **options))
