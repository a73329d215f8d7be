"""Ray, and all that is asked of it: a cluster joined or started here, and workers in it. Imported here alone.

Of ours Ray carries the name of a class, bytes, texts and numbers.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import ray
from ray import exceptions

from ..wire.protocol.errors import ScumbleError
from .painter import Painter, own_folder

Ref: TypeAlias = Any  # what will be: an answer, or data that was put
Worker: TypeAlias = Any
USUAL = 2  # workers of a cluster that is started here, where there is no GPU
CALLS = 16  # at once, of one worker
LEAST_CPUS = 0.01  # of a cluster's machine: an engine's processors are the machine's, which workers do not share out
FAREWELL_SECONDS = 6.0
QUIET: dict[str, Any] = {
    "log_to_driver": False,
    "logging_level": logging.CRITICAL + 1,
}  # its words become errors of ours


class Lost(Exception):
    """A worker, its machine, or what was on its way is gone."""


class Rays:
    """A cluster: the one at `address`, else one of `workers` that is started here and ends with `close`."""

    def __init__(self, address: str, workers: int) -> None:
        self._folder: Path | None = None
        self._workers: list[Worker] = []
        try:
            with _own_signals():
                ray.init(address, **QUIET) if address else self._start(workers)
        except (ConnectionError, RuntimeError, ValueError, OSError, exceptions.RayError) as e:
            self.close()
            raise ScumbleError("cluster-unreachable", address=address or "here", reason=_first_line(e)) from e
        except BaseException:  # Ctrl-C while it starts
            self.close()
            raise
        resources = ray.cluster_resources()
        self._gpus = int(resources.get("GPU", 0))
        nodes = len([node for node in ray.nodes() if node["Alive"]])
        self.count = workers or self._gpus or (nodes if address else USUAL)

    def _start(self, workers: int) -> None:
        self._folder = own_folder(_short_folder(), "sc")
        folder = str(self._folder)
        ray.init("local", num_cpus=workers or USUAL, include_dashboard=False, _temp_dir=folder, **QUIET)

    def hire(self) -> Worker:
        """A new worker, on a machine that Ray chooses; it may take a while until there is one."""
        share = min(1.0, math.floor(self._gpus / self.count * 1e4) / 1e4)
        threads = max(1, (os.cpu_count() or 1) // self.count) if self._folder else 0
        painter = ray.remote(max_concurrency=CALLS, num_cpus=LEAST_CPUS, num_gpus=share, scheduling_strategy="SPREAD")
        worker = painter(Painter).remote(str(self._folder or ""), threads)
        self._workers.append(worker)
        return worker

    def put(self, data: bytes) -> Ref:
        """Data that several pictures, or tries, refer to."""
        return ray.put(data)

    def ready(self, worker: Worker, marks: bytes) -> Ref:
        """`Painter.ready`."""
        return worker.ready.remote(marks)

    def paint(self, worker: Worker, header: bytes, blobs: Sequence[Ref]) -> Ref:
        """`Painter.paint`."""
        return worker.paint.remote(header, *blobs)

    def wait(self, refs: Sequence[Ref], seconds: float) -> list[Ref]:
        """Those that are there, after `seconds` at most."""
        if not refs:
            return []
        done, left = ray.wait(list(refs), num_returns=1, timeout=seconds, fetch_local=False)
        return [*done, *(ray.wait(left, num_returns=len(left), timeout=0, fetch_local=False)[0] if left else [])]

    def get(self, ref: Ref) -> Any:
        """An answer that is there. Raises `Lost`, and `internal` for a fault of ours."""
        try:
            return ray.get(ref)
        except exceptions.RayTaskError as e:
            raise ScumbleError("internal", reason=_first_line(e.cause or e), log="Ray's log of the worker") from e
        except exceptions.RayError as e:
            raise Lost(_first_line(e)) from e

    def dismiss(self, worker: Worker) -> None:
        """Have a worker end, if it has not; its engine ends with it."""
        self._workers = [w for w in self._workers if w is not worker]
        with contextlib.suppress(exceptions.RayError):
            ray.kill(worker)

    def close(self) -> None:
        """End the workers with their engines, and a cluster that was started here."""
        if ray.is_initialized():
            self.wait_all([worker.close.remote() for worker in self._workers], FAREWELL_SECONDS)
            for worker in list(self._workers):
                self.dismiss(worker)
            ray.shutdown()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def wait_all(self, refs: Sequence[Ref], seconds: float) -> None:
        """Until all are there, or gone, or `seconds` have passed."""
        if refs:
            ray.wait(list(refs), num_returns=len(refs), timeout=seconds, fetch_local=False)


def _short_folder() -> Path:
    """Where Ray's sockets have room: their paths may be a hundred bytes long."""
    short = sys.platform != "win32" and os.access("/tmp", os.W_OK | os.X_OK)
    return Path("/tmp" if short else tempfile.gettempdir())


@contextlib.contextmanager
def _own_signals() -> Iterator[None]:
    """Ray puts handlers of its own in place of those that end a batch; ours stay."""
    names = [s for s in (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread()]
    before = {number: signal.getsignal(number) for number in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
