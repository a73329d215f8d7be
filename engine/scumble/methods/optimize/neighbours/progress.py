"""What a run tells while it paints."""

from __future__ import annotations

import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ....styles.source import resized
from ....wire.request.request import Request
from ...base import Reporter
from ...preview import preview_of
from ...problem import Problem
from ..course import Clock


class Progress:
    """Counts the steps of a run and shows its pictures, laid over the content as the layer will be."""

    def __init__(self, problem: Problem, request: Request, report: Reporter, steps: int, work: float) -> None:
        self.problem, self.request, self.report = problem, request, report
        self.step, self.steps, self.clock = 0, steps, Clock(work)
        self.losses: dict[str, float] = {}

    def __call__(self, picture: Tensor, work: float, losses: dict[str, float] | None = None) -> None:
        """A step was made that cost `work` and led to `picture` (1×3×h×w). Raises `cancelled`."""
        self.report.check()
        self.step += 1
        self.losses = losses or self.losses
        height, width = picture.shape[-2:]
        left = self.clock.tick(work)
        self.report.progress(min(self.step, self.steps), self.steps, f"{width}×{height}", self.losses, left)
        if self.request.preview_size and self.report.wants_preview():
            self.report.preview(self._seen(picture))

    @property
    def counted(self) -> tuple[int, float]:
        """See `Counting`."""
        return self.step, self.clock.done

    def go_on(self, step: int, work: float) -> None:
        """See `Counting`."""
        self.step = step
        self.clock.skip(work - self.clock.done)

    def _seen(self, picture: Tensor) -> NDArray[np.uint8]:
        content = self.problem.content
        ratio = min(1.0, self.request.preview_size / max(content.shape[-2:]))
        size = (max(1, round(content.shape[-2] * ratio)), max(1, round(content.shape[-1] * ratio)))
        visible = self.problem.regions.visible[None, None]
        small = F.interpolate(visible, size=size, mode="area")
        return preview_of(resized(picture.clamp(0, 1), size), resized(content, size), small, self.request.preview_size)
