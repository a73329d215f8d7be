"""What the tests of procedures share: GIMP knows the words of `calling`, and engines that do as a file's name says."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import Any

from scumble.wire import Client
from scumble.wire.engine.processes import is_alive

from ..editors.engine import EngineHome, wait_until
from .gimpproc import GimpProcess

WORDS = Path(__file__).with_name("calling.py").read_text("utf-8")
TRANSFER, REPEAT = "scumble-style-transfer", "scumble-repeat"
LONG = 20_000  # steps of 20 ms


def calling(gimp: GimpProcess) -> GimpProcess:
    """Let it know the words of `calling`; `image` has a layer of 64×48 pixels."""
    gimp.run(WORDS)
    return gimp


def call(gimp: GimpProcess, name: str = TRANSFER, seconds: float = 50.0, **options: Any) -> tuple[str, Any]:
    """Call a procedure on the image's layers: its status, and the new layers' names or what is told."""
    status, told = gimp.get(called(name, **options), seconds)
    return status, told


def called(name: str = TRANSFER, **options: Any) -> str:
    """The call as an expression."""
    return f"call({', '.join([repr(name), *(f'{k}={v!r}' for k, v in options.items())])})"


def style_file(folder: Path, name: str = "obey") -> str:
    """A style for the slow method, whose name says how it behaves."""
    path = folder / name
    path.write_bytes(b"a picture, as far as anybody looks")
    return str(path)


def plugin_processes(home: EngineHome) -> list[int]:
    """The processes of our plug-in that use `home`."""
    mark = f"SCUMBLE_RUNTIME={home.folder / 'runtime'}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            ours = b"scumble/scumble.py" in (entry / "cmdline").read_bytes()
            if ours and mark in (entry / "environ").read_bytes().split(b"\0") and is_alive(int(entry.name)):
                found.append(int(entry.name))
    return found


def running_job(client: Client) -> str:
    """The job that runs, once one does."""
    found = wait_until(lambda: next((j for j in client.jobs() if j["state"] == "running"), None), "a job runs", 30)
    return str(found["job"])


def state(client: Client, job: str) -> str:
    return next((str(j["state"]) for j in client.jobs() if j["job"] == job), "unknown")


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
