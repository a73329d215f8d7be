"""The log of a run: a line of JSON now and then, with the means of the losses since the last one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...features.download import disk_error

Terms = dict[str, float]


class Log:
    """Lines in a file that grows from run to run."""

    def __init__(self, path: Path) -> None:
        self.path, self._count, self._sums = path, 0, Terms()

    def add(self, terms: Terms) -> None:
        """Count the terms of a step."""
        self._count += 1
        self._sums = {k: self._sums.get(k, 0.0) + v for k, v in terms.items()}

    def write(self, step: int, seconds: float, more: dict[str, Any]) -> None:
        """Write a line, and begin to count anew. Raises `disk-full`, `file-write`."""
        means = {k: round(v / max(1, self._count), 5) for k, v in self._sums.items()}
        line = {"step": step, "minutes": round(seconds / 60, 2), **means, **more}
        self._count, self._sums = 0, {}
        try:
            with self.path.open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
        except OSError as error:
            raise disk_error(error, self.path) from None
