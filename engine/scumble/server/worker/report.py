"""A method's reports, thinned out for the pipe: ten a second at most, previews as often as the request wants."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.messages import MAX_RAW
from ...wire.protocol.pixels import PixelFormat
from ...wire.request.request import Request
from .frontlink import FrontLink

if TYPE_CHECKING:
    from .keep import FolderKeep

PROGRESS_SECONDS = 0.1


class WorkerReporter:
    """The `Reporter` of one job."""

    def __init__(self, link: FrontLink, job: str, request: Request, keep: FolderKeep | None = None) -> None:
        self._link, self._job, self.keep = link, job, keep
        self._previews, self._preview_seconds = request.preview_size > 0, request.preview_seconds
        self._progress_at = self._preview_at = -float("inf")
        self._held: dict[str, Any] | None = None

    def progress(self, step: int, of: int, scale: str, losses: Mapping[str, float], seconds_left: float) -> None:
        """See `Reporter.progress`; one that comes too soon is held back, and dropped for a newer one."""
        self._held = {
            "type": "progress",
            "job": self._job,
            "step": int(step),
            "of": int(of),
            "scale": str(scale),
            "losses": {str(k): float(v) for k, v in losses.items()},
            "seconds_left": float(seconds_left),
        }
        if time.monotonic() - self._progress_at >= PROGRESS_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Send what was held back."""
        if self._held:
            self._link.send(self._held)
            self._held, self._progress_at = None, time.monotonic()

    def preview(self, rgb: NDArray[np.uint8]) -> None:
        """See `Reporter.preview`. What does not fit one frame is halved until it does."""
        while rgb.nbytes > MAX_RAW:
            rgb = _halved(rgb)
        height, width, channels = rgb.shape
        form = PixelFormat(width, height, channels).to_plain()
        self._preview_at = time.monotonic()
        data = np.ascontiguousarray(rgb).tobytes()
        self._link.send({"type": "preview", "job": self._job, "format": form, "rgb": data})

    def fetching(self, name: str, done: int, total: int) -> None:
        """See `Reporter.fetching`."""
        self._link.send({"type": "fetching", "job": self._job, "name": name, "done": done, "total": total})

    def preparing(self, what: str, name: str = "") -> None:
        """See `Reporter.preparing`."""
        self._link.send({"type": "preparing", "job": self._job, "what": what, "name": name})

    def wants_preview(self) -> bool:
        """See `Reporter.wants_preview`: the first at once."""
        return self._previews and time.monotonic() - self._preview_at >= self._preview_seconds

    def check(self) -> None:
        """See `Reporter.check`. A job that is to pause goes on until it was kept."""
        count = self.keep.count if self.keep else sys.maxsize
        if count > self._link.pausing.get(self._job, sys.maxsize) or self._link.is_cancelled(self._job):
            raise ScumbleError("cancelled")


class IdleReporter:
    """The `Reporter` of a run that nobody asked for: it tells nothing, and a job that waits cancels it."""

    def __init__(self, link: FrontLink) -> None:
        self._link = link

    def progress(self, step: int, of: int, scale: str, losses: Mapping[str, float], seconds_left: float) -> None:
        """See `Reporter.progress`."""

    def preview(self, rgb: NDArray[np.uint8]) -> None:
        """See `Reporter.preview`."""

    def fetching(self, name: str, done: int, total: int) -> None:
        """See `Reporter.fetching`."""

    def preparing(self, what: str, name: str = "") -> None:
        """See `Reporter.preparing`."""

    def wants_preview(self) -> bool:
        """See `Reporter.wants_preview`."""
        return False

    def check(self) -> None:
        """See `Reporter.check`."""
        if self._link.job_waits:
            raise ScumbleError("cancelled")


def _halved(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Half the size, each pixel the mean of four."""
    height, width = rgb.shape[0] // 2 * 2, rgb.shape[1] // 2 * 2
    if not height or not width:
        return np.asarray(rgb[::2, ::2])
    blocks = rgb[:height, :width].reshape(height // 2, 2, width // 2, 2, rgb.shape[2])
    return np.asarray(blocks.mean(axis=(1, 3)).round().astype(np.uint8))
