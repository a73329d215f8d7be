"""All trainings of an engine: one runs, the others wait; what runs rests while somebody waits for a picture."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ...wire.engine.folders import data_folder
from ...wire.engine.launch import OWNER
from ...wire.protocol.errors import ScumbleError
from ..jobs.process import WorkerProcess
from ..logs import log_path
from .process import TrainingProcess
from .training import UNFINISHED, Training, begun_elsewhere, read_training, unknown

log = logging.getLogger("scumble.trainings")

STOP_SECONDS = 20.0  # that a training has to keep what it learned; a step and its checkpoint take two
EXIT_SECONDS = 5.0  # the same, where the engine ends
TRIES, AGAIN_SECONDS = 8, 2.0  # where the process of an earlier engine is still at its end
MOST = 32  # trainings that are kept


class Trainings:
    """`painting` tells whether somebody waits for a picture. `module` is what learns."""

    def __init__(self, module: str, painting: Callable[[], bool]) -> None:
        self._module, self._painting = module, painting
        self._all: dict[str, Training] = {}
        self._process: TrainingProcess | None = None
        self._runs: Training | None = None
        self._closed = False
        if OWNER in os.environ:  # an engine for one process alone leaves them to the user's own
            return
        with contextlib.suppress(OSError, ScumbleError):
            for path in sorted(self._folder().iterdir()):
                found = read_training(path)
                if found is not None:
                    self._all[found.name] = found

    def __iter__(self) -> Iterator[Training]:
        return iter(self._all.values())

    @staticmethod
    def _folder() -> Path:
        return data_folder() / "training"

    @property
    def busy(self) -> bool:
        """Whether one runs or waits, so that the engine must not end as idle."""
        return any(t.state in UNFINISHED for t in self)

    def find(self, name: object) -> Training:
        """Raises `training-unknown`."""
        found = self._all.get(name) if isinstance(name, str) else None
        if found is None:
            raise unknown(name)
        return found

    def begin(self, plain: dict[str, Any], painting: Path) -> Training:
        """Take on an order. Raises `training-known`, `training-limit`, `disk-full`, `file-write`, `folder-unsafe`."""
        name = plain["name"]
        known, folder = self._all.get(name), self._folder() / name
        if (known is not None and known.state not in ("done", "failed")) or begun_elsewhere(folder):
            raise ScumbleError("training-known", name=plain["title"])
        if len([t for t in self if t.state not in ("done", "failed")]) >= MOST:
            raise ScumbleError("training-limit", count=MOST)
        training = Training(folder, {**plain, "wanted": True, "part": 0.0})
        training.write(painting)
        self._all.pop(name, None)
        self._all[name] = training
        return training

    def pause(self, training: Training) -> None:
        """Let it rest until `resume`, also in the engines to come."""
        if training.state == "queued":
            training.state = "paused"
        elif training.state == "running":
            self._stop(training, "pausing")
        training.want(False)

    def resume(self, training: Training) -> None:
        """Go on with what was paused, or failed."""
        if training.state in ("paused", "failed"):
            training.state, training.error, training.tries, training.not_before = "queued", None, 0, 0.0
            training.want(True)

    def cancel(self, training: Training) -> None:
        """End it for good: nothing of it stays."""
        if training.state in ("running", "pausing"):
            training.want(False)
            self._stop(training, "cancelling")
        elif training.state != "cancelling":
            self._drop(training)

    def tick(self, now: float) -> None:
        """Begin the next, let the one that runs rest or go on, kill one that does not stop."""
        runs, process = self._runs, self._process
        if runs is None or process is None:
            waiting = next((t for t in self if t.state == "queued" and t.not_before <= now), None)
            if waiting is not None and not self._closed:
                self._start(waiting)
            return
        if runs.deadline and now > runs.deadline:
            process.kill()
        painting = self._painting()
        if runs.state == "running" and painting != runs.resting:
            runs.resting = painting
            process.send({"word": "rest" if painting else "go on"})

    def close(self) -> None:
        """The engine ends: what runs keeps what it has learned; the next engine goes on with it."""
        self._closed = True
        process = self._process
        if process is not None:
            process.close()
            process.join(EXIT_SECONDS)

    def _start(self, training: Training) -> None:
        training.state, training.what, training.left, training.deadline = "running", "loading", -1.0, 0.0
        training.resting = False
        self._runs = training
        try:
            self._process = TrainingProcess(self._module, training.folder, self._on_message, self._on_end)
        except OSError as error:
            self._fail(training, f"no process could be started: {error.strerror}")
            self._runs = None

    def _stop(self, training: Training, state: str) -> None:
        training.state, training.deadline = state, time.monotonic() + STOP_SECONDS
        training.resting = False
        if self._process is not None:
            self._process.close()

    def _on_message(self, process: WorkerProcess, message: dict[str, Any]) -> None:
        training, kind = self._runs, message.get("type")
        if training is None or process is not self._process:
            return
        if kind == "state":
            training.what = str(message.get("what", ""))
            training.part = max(training.part, min(1.0, float(message.get("part", 0.0))))
            training.left = float(message.get("left", -1.0))
        elif kind == "sheet":
            training.note_part(training.part)
        elif kind == "done":
            training.state, training.part, training.left = "done", 1.0, 0.0
            training.photographs = int(message.get("photographs", 0))
            training.finish()
        elif kind == "failed" and training.state == "running":
            self._failed(training, ScumbleError.from_plain(message.get("error") or {}))

    def _failed(self, training: Training, error: ScumbleError) -> None:
        if error.code == "training-running" and training.tries < TRIES:
            training.tries, training.not_before = training.tries + 1, time.monotonic() + AGAIN_SECONDS
            training.state = "queued"
            return
        log.warning("training %s: %s", training.name, error)
        training.state, training.error = "failed", error.to_plain()
        training.want(False)

    def _on_end(self, process: WorkerProcess, reason: str) -> None:
        """The process is gone, for a reason that it told before, or for none."""
        if process is not self._process:
            return
        training, self._runs, self._process = self._runs, None, None
        if training is None or self._closed:
            return
        training.resting, training.deadline = False, 0.0
        if training.state == "cancelling":
            self._drop(training)
        elif training.state == "pausing":
            training.state = "paused"
            training.note_part(training.part)
        elif training.state == "running":
            self._fail(training, reason)

    def _fail(self, training: Training, reason: str) -> None:
        self._failed(
            training, ScumbleError("training-died", name=training.plain["title"], reason=reason, log=log_path())
        )

    def _drop(self, training: Training) -> None:
        """Out of the list; what was learned whole is the library's and stays."""
        if training.state != "done":
            training.remove()
        self._all.pop(training.name, None)
