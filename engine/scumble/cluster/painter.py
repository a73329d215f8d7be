"""A worker's side: an engine of its own on its machine, and pictures through it. Nothing here knows of Ray."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..styles.library import style_mark
from ..wire.client.client import Client
from ..wire.client.find_engine import finding_engine
from ..wire.engine.launch import OWNER
from ..wire.engine.processes import is_alive, namespace
from ..wire.protocol.errors import ScumbleError
from ..wire.version import VERSION
from .orders import ahead
from .parcels import pack, pack_failure, pack_result, unpack, unpack_request

NAME = "scumble-cluster"
LOOK_SECONDS, LOOKS = 0.2, 600  # until an engine that starts knows its devices
THREADS = "OMP_NUM_THREADS"  # which Ray sets to the share of a process; an engine on its machine alone takes all


class Painter:
    """Lives in a process of its own, whose environment it sets. Calls give bytes, and raise nothing of ours.

    `place` is the folder for its engine's own, empty for the machine's temporary one. With `threads` 0 the engine takes
    all processors. Calls come in several threads, each with a connection of its own.
    """

    def __init__(self, place: str, threads: int) -> None:
        self._clients: list[Client] = []
        self._place, self._threads = place, threads
        self._folder: Path | None = None

    def ready(self, marks: bytes) -> bytes:
        """Start the engine and look whether all is here that `marks` names: how many pictures it takes at once."""
        try:
            self._move_in()
            check(unpack(marks).header)
            with self._client() as client:
                return pack("ready", slots=ahead(_devices(client)), node=platform.node())
        except ScumbleError as e:
            return pack_failure(e)

    def paint(self, header: bytes, *blobs: bytes) -> tuple[bytes, bytes]:
        """The account of a run, or its failure, and the layer's pixels."""
        try:
            request, digests = unpack_request(header)
            with self._client() as client:
                _, pixels, result = client.run(request, dict(zip(digests, blobs, strict=True)))
            return pack_result(result), pixels
        except ScumbleError as e:
            return pack_failure(e), b""

    def close(self) -> None:
        """End the engine and leave nothing."""
        with contextlib.suppress(ScumbleError), self._client() as client:
            pid = int(client.info.get("pid", 0))
            client.shutdown(now=True)
            end = time.monotonic() + 4.0
            while is_alive(pid) and time.monotonic() < end:
                time.sleep(0.05)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _move_in(self) -> None:
        """Folders for an engine that is this process's alone, and ends with it. Weights and styles are the user's."""
        parent = Path(self._place or tempfile.gettempdir())
        if self._folder is None:
            self._folder = own_folder(parent, NAME)
        for name in ("runtime", "cache", "logs"):
            os.environ[f"SCUMBLE_{name.upper()}"] = str(self._folder / name)
        os.environ[OWNER] = str(os.getpid())
        if self._threads:
            os.environ[THREADS] = str(self._threads)
        else:
            os.environ.pop(THREADS, None)

    @contextlib.contextmanager
    def _client(self) -> Iterator[Client]:
        """A connection that no other thread uses meanwhile."""
        client = self._clients.pop() if self._clients else None
        if client is None:
            client = Client(lambda: finding_engine(near=True), NAME, VERSION)
            client.connect()
        try:
            yield client
        except ScumbleError as e:
            if e.code.startswith("engine-"):  # it may not be usable any more
                client.close()
                raise
            self._clients.append(client)
            raise
        else:
            self._clients.append(client)


def marks_of(styles: Iterable[str]) -> bytes:
    """What a worker has to have as it is here: the version, and named styles, of which some may be the user's own."""
    return pack("marks", version=VERSION, styles={name: style_mark(name) for name in styles})


def check(marks: Mapping[str, Any]) -> None:
    """Raise `cluster-version`, `cluster-style` where something is not as it is where the batch is."""
    node = platform.node()
    if marks["version"] != VERSION:
        raise ScumbleError("cluster-version", node=node, there=VERSION, here=marks["version"])
    for name, mark in marks["styles"].items():
        if style_mark(name) != mark:
            raise ScumbleError("cluster-style", node=node, name=name)


def own_folder(parent: Path, name: str) -> Path:
    """A new folder of this process's, for the user alone; what processes left there that were killed is removed."""
    prefix = f"{name}-{''.join(filter(str.isdigit, namespace()))[-4:]}-"  # containers may share a temporary folder
    for folder in parent.glob(f"{prefix}*-*"):
        pid = folder.name[len(prefix) :].partition("-")[0]
        with contextlib.suppress(OSError):
            ours = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
            if ours and pid.isdecimal() and not is_alive(int(pid)):
                shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent))


def _devices(client: Client) -> object:
    """The devices that the engine has found, as soon as it has."""
    for _ in range(LOOKS):
        found = client.ask("hello", **client.channel.hello).get("devices")
        if found:
            return found
        time.sleep(LOOK_SECONDS)
    return []
