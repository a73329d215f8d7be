"""A run that nobody watches."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


class Unwatched:
    """A `Reporter` that tells nobody and never cancels."""

    def progress(self, step: int, of: int, scale: str, losses: Mapping[str, float], seconds_left: float) -> None:
        """See `Reporter`."""

    def preview(self, rgb: NDArray[np.uint8]) -> None:
        """See `Reporter`."""

    def fetching(self, name: str, done: int, total: int) -> None:
        """See `Reporter.fetching`."""

    def preparing(self, what: str, name: str = "") -> None:
        """See `Reporter.preparing`."""

    def wants_preview(self) -> bool:
        """See `Reporter`."""
        return False

    def check(self) -> None:
        """See `Reporter`."""
