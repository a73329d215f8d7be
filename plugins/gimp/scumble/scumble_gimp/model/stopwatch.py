"""How long each part of a call takes, for the log: what is slow on somebody's machine can be read there. No GIMP."""

from __future__ import annotations

import time
from typing import Callable, Dict, List

from ..wire.editor.jobs.jobs import Job

Watch = Callable[[Job], None]


class Stopwatch:
    """Begins when it is made. One call, of one job or several."""

    def __init__(self) -> None:
        self._begun = self._connected = time.perf_counter()
        self._jobs: List[Job] = []

    def connected(self) -> None:
        """The engine has answered; from now on layers are read."""
        self._connected = time.perf_counter()

    def over(self, watch: Watch) -> Watch:
        """`watch`, with a look at each job before."""

        def look(job: Job) -> None:
            if job not in self._jobs:
                self._jobs.append(job)
            watch(job)

        return look

    def seconds(self) -> Dict[str, float]:
        """Each part up to now. Sending includes the wait in the engine's queue."""
        runs = [job.times for job in self._jobs if "fetched" in job.times]
        first = runs[0]["begun"] if runs else time.perf_counter()
        last = runs[-1]["fetched"] if runs else first
        parts = {"connect": self._connected - self._begun, "read": first - self._connected}
        for name, begin, end in (
            ("send", "begun", "started"),
            ("compute", "started", "computed"),
            ("fetch", "computed", "fetched"),
        ):
            parts[name] = sum(times[end] - times[begin] for times in runs)
        parts["write"] = time.perf_counter() - last
        return parts

    def words(self) -> str:
        """The parts on one line."""
        return ", ".join(f"{name} {seconds:.3f} s" for name, seconds in self.seconds().items())
