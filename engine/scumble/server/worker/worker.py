"""A worker: one process that computes on one device, told by the front over its standard input and output.

Started as `python -m scumble.server.worker`. The streams carry `pipe` frames; whatever else prints goes to the log.
"""

from __future__ import annotations

import argparse
import errno
import gc
import importlib
import os
import sys
import threading
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ...methods.memory import pictures_bytes
from ...wire.protocol.errors import PlainError, ScumbleError
from ...wire.protocol.messages import MAX_RAW
from ...wire.protocol.notes import MAX_NOTES
from ...wire.request.request import Request
from ..logs import log_path
from ..priority import give_way, give_way_here, hurried
from ..settings import DEFAULT_METHODS
from .frontlink import FrontLink

if TYPE_CHECKING:
    from ...methods.base import Plan
    from .inputs import WorkerStore
    from .keep import FolderKeep

AMPLE = 0.8  # of what is free: a run that is thought to take less may hold what it has let go of
SETTLE_SECONDS = 0.2  # without a job, until a new worker warms up


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Serve jobs until the input ends."""
    parser = argparse.ArgumentParser(prog="scumble.server.worker")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--method-module", default=DEFAULT_METHODS)
    parser.add_argument("--extension", action="append", default=[])
    options = parser.parse_args(arguments)
    give_way()
    link = FrontLink()
    link.send({"type": "alive", "pid": os.getpid()})
    worker = Worker(link, options.device, options.store, options.method_module, options.extension)
    worker.get_ready()
    threading.Thread(target=worker.serve_guests, daemon=True).start()
    # Long jobs give way to other programs, and a thread cannot take that back: so they have a thread of their own. It
    # stays, since OpenMP keeps helpers for every thread that computed.
    patient = ThreadPoolExecutor(1, initializer=give_way_here)
    while True:
        task = link.next_job(None if worker.warm else SETTLE_SECONDS)
        if task is None:
            with hurried():
                worker.warm_up()
        elif task["quick"]:
            with hurried():
                worker.serve(task)
        else:
            patient.submit(worker.serve, task).result()


class Worker:
    """What is loaded once and used for every job. Heavy imports happen in `get_ready`, not before."""

    store: WorkerStore
    warm = False

    def __init__(
        self, link: FrontLink, device: str, store: Path, method_module: str, extensions: Sequence[str] = ()
    ) -> None:
        self.link, self.device, self._folder = link, device, store
        self._module, self._extensions = method_module, extensions

    def get_ready(self) -> None:
        """Import the method and find the devices; “auto” becomes the fastest."""
        from .inputs import WorkerStore

        self.store = WorkerStore(self._folder)
        self._methods = importlib.import_module(self._module)
        for name in self._extensions:
            importlib.import_module(name)
        devices: list[dict[str, Any]] = []
        if self.device == "auto":
            from .device import describe_devices

            devices = describe_devices()
            self.device = devices[0]["name"]
        self.link.send({"type": "ready", "device": self.device, "devices": devices, "memory": self._memory()})
        gc.freeze()  # what was imported stays: no collection looks through it again

    def warm_up(self) -> None:
        """While no job waits, have the method load what the first job would wait for; a job that comes ends it."""
        from ...methods.base import Plan
        from .device import bytes_free
        from .report import IdleReporter

        self.warm = True
        try:
            warm_up = getattr(self._methods, "warm_up", None)  # a method of the user's own need not have one
            if warm_up:
                warm_up(IdleReporter(self.link), Plan(0, self.device, bytes_free(self.device)))
                self._tidy_up()
                gc.freeze()  # networks too
        except ScumbleError as e:
            self.warm = e.code != "cancelled"  # or once more, when that job is done
        except Exception:  # the job that meets it will tell
            traceback.print_exc(file=sys.stderr)

    def serve(self, task: dict[str, Any]) -> None:
        """Carry out one job and tell how it ended; then give its memory back, before the next job begins."""
        self.link.send({**self._attempt(task), "job": task["job"]})
        self._tidy_up()

    def serve_guests(self) -> NoReturn:
        """Carry out what is to run beside a longer job, which goes on meanwhile and whose picture it does not change.

        Nothing is tidied up after it: it leaves little, and the longer job would have to ask for its memory anew.
        """

        def serve(task: dict[str, Any]) -> None:
            with hurried():
                self.link.send({**self._attempt(task), "job": task["job"]})

        while True:  # a thread for each: OpenMP keeps helpers for every thread that computed, as long as it lives
            guest = threading.Thread(target=serve, args=(self.link.next_guest(),), daemon=True)
            guest.start()
            guest.join()

    def _tidy_up(self) -> None:
        gc.collect()  # after the frames of a failed run are gone: they hold its memory
        self._free()
        self.link.send({"type": "memory", "memory": self._memory()})

    def _attempt(self, task: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._carry_out(task)
        except ScumbleError as e:
            error = e.to_plain()
        except Exception as e:
            traceback.print_exc(file=sys.stderr)
            error = _plain(e)
        if error["code"] == "memory":  # the next try, or the next job, may need what networks of earlier ones hold
            getattr(self._methods, "unload", lambda: None)()
        return {"type": "failed", "error": error}

    def _carry_out(self, task: dict[str, Any]) -> dict[str, Any]:
        from ...methods.base import Plan
        from .allocator import thrifty
        from .device import bytes_for_a_run
        from .inorder import by_hand, check_frames, in_order, lead_for, untouched
        from .peak import PeakWatch
        from .report import WorkerReporter

        job, level, request = str(task["job"]), int(task["level"]), Request.from_plain(task["request"])
        device = "cpu" if task["beside"] else self.device  # another's memory on a graphics card is left alone
        plan = Plan(level, device, bytes_for_a_run(device))
        keep = None if task["quick"] else self._keep(job, str(task["key"]), level, device)
        report = WorkerReporter(self.link, job, request, keep)
        model = request.model if request.method == "optimize" else request.method  # which one, the outcome tells
        report.check()  # it may have waited behind a warm-up
        check_frames(request)
        self.link.send({"type": "started", "job": job, "device": device, "model": model, "plan": level})
        load = self.store.loader(request)
        with PeakWatch(device) as watch, thrifty(self._is_scarce(request, plan)):
            lead = lead_for(request, load)
            try:
                painted = by_hand(request, lead, load) or self._methods.run(request, load, report, plan)
                outcome = in_order(request, painted, load, lead)
            except ScumbleError as e:
                outcome = untouched(request, e, load, lead)
        report.check()  # a cancel that came during the last step still counts
        report.flush()
        if keep is not None:
            keep.drop()
        picture, size, homeless = self.store.save(outcome.layer)
        for at in range(0, len(homeless), MAX_RAW):
            self.link.send({"type": "piece", "job": job, "data": homeless[at : at + MAX_RAW]})
        return {
            "type": "result",
            "picture": picture.to_plain(),
            "size": size,
            **{"held": bool(homeless), "peak": watch.peak},
            "resumed": keep is not None and keep.resumed,
            **{"steps": outcome.steps, "losses": {k: float(v) for k, v in outcome.losses.items()}},
            **{"device": outcome.device, "model": outcome.model or model},
            "notes": [n.to_plain() for n in outcome.notes[:MAX_NOTES]],
        }

    def _is_scarce(self, request: Request, plan: Plan) -> bool:
        """Whether a run had better hold no more than it uses: it would come near to what is free."""
        estimate = getattr(self._methods, "estimate", None)  # a method of the user's own need not have one
        if plan.device != "cpu" or estimate is None or not plan.bytes_free:
            return plan.device == "cpu" and plan.level > 0
        return plan.level > 0 or bool(estimate(request) + pictures_bytes(request) > AMPLE * plan.bytes_free)

    def _keep(self, job: str, key: str, level: int, device: str) -> FolderKeep:
        """Where a job leaves what it goes on from when it is broken off."""
        from .keep import FolderKeep, run_key

        def told(first: bool) -> None:
            self.link.kept[job] = keep.count
            self.link.send({"type": "kept", "job": job, "first": first})

        keep = FolderKeep(self._folder, partial(run_key, key, level, device), told, lambda: job in self.link.pausing)
        return keep

    def _memory(self) -> int:
        from .device import bytes_used

        return bytes_used(self.device)

    def _free(self) -> None:
        from .device import free_cache

        free_cache(self.device)


def _plain(error: Exception) -> PlainError:
    """What an error means to a user; out of memory, in whichever form, is `memory`."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError" or _is_torch_memory(error):
        return ScumbleError("memory", reason=str(error).splitlines()[0][:200] if str(error) else "none left").to_plain()
    reason = f"{type(error).__name__}: {error}"[:300]
    return ScumbleError("internal", reason=reason, log=log_path()).to_plain()


NO_MEMORY = (  # how torch, oneDNN and the C++ library say it, in a RuntimeError
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "out of memory",
    "could not create a primitive",
    "could not create a memory",
    "bad_alloc",
    "failed to allocate",
)


def _is_torch_memory(error: Exception) -> bool:
    """On the CPU and on some devices torch raises a RuntimeError whose text alone tells."""
    text = str(error).lower()
    out = isinstance(error, OSError) and error.errno == errno.ENOMEM
    return out or (isinstance(error, RuntimeError) and any(words in text for words in NO_MEMORY))
