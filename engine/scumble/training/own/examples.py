"""Pairs of a user's own style, painted on the way: some of his photographs, and what *optimize* makes of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ...networks.painter import SIZES
from ...styles.statistics import PictureStyle
from ...wire.protocol.errors import ScumbleError
from ..fast.pairs import PHOTOS, together, write_pair
from ..loop.rest import Rest
from ..loop.run import Run
from ..loop.stopping import Stopping
from ..loop.unwatched import Unwatched
from .contents import Contents

ORDER = (1, 2, 1, 0)  # of `SIZES`, in turns
LARGEST = 1024.0  # pixels of the painting's long side


@dataclass(frozen=True)
class Examples:
    """At most `most` pairs in `folder`, made within `seconds` (0: however long it takes); `tell` hears of each.

    Where it is told to, it rests, which is no part of those seconds.
    """

    folder: Path
    style: PictureStyle
    most: int
    seconds: float
    tell: Callable[[int, int], None]
    rest: Rest

    def make(self, contents: Contents, run: Run) -> bool:
        """Paint what is not there yet; the time counts as the run's. False when it was stopped, with a checkpoint."""
        painting = as_bytes(self.style)
        begin = self._now() - run.seconds
        with Stopping() as stopping:
            for number in range(self.most):
                file = self.folder / f"{number:03d}-{SIZES[ORDER[number % len(ORDER)]]}.png"
                if run.progress >= 1 or (self.seconds and self._now() - begin > self.seconds):
                    break
                if not file.exists() and not stopping.asked:
                    self.tell(number, self.most)
                    _write_unless(_Until(stopping, self.rest), file, _four(contents, number), painting)
            run.seconds = max(run.seconds, self._now() - begin)
            if stopping.asked:
                run.save()
        return not stopping.asked

    def _now(self) -> float:
        return time.monotonic() - self.rest.seconds


def as_bytes(style: PictureStyle) -> NDArray[np.uint8]:
    """A painting H×W×3 as its pairs are painted from it, what is transparent in its mean colour."""
    shown = style.picture(min(LARGEST, max(style.pixels.shape[-2:])))
    mean, _ = style.colors()
    rgb = torch.lerp(mean.to(shown.pixels)[None, :, None, None], shown.pixels, shown.coverage)
    out: NDArray[np.uint8] = (rgb[0].permute(1, 2, 0).clamp(0, 1) * 255).round().byte().cpu().numpy()
    return out


def _four(contents: Contents, number: int) -> NDArray[np.uint8]:
    crops = [contents.crops[(PHOTOS * number + i) % len(contents.crops)] for i in range(PHOTOS)]
    return together([c.permute(1, 2, 0).numpy() for c in crops])


def _write_unless(until: _Until, file: Path, content: NDArray[np.uint8], painting: NDArray[np.uint8]) -> None:
    """Write a pair, unless it is asked to stop meanwhile."""
    try:
        write_pair(file, content, painting, int(file.stem.split("-")[1]), until)
    except ScumbleError as error:
        if error.code != "cancelled":
            raise


class _Until(Unwatched):
    """Ends a run when it is asked to stop: a picture is not waited for. It rests in the midst of one."""

    def __init__(self, stopping: Stopping, rest: Rest) -> None:
        self.stopping, self.rest = stopping, rest

    def check(self) -> None:
        """See `Reporter`."""
        self.rest.wait()
        if self.stopping.asked:
            raise ScumbleError("cancelled")
