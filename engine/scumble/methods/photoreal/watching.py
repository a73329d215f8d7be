"""Pictures of a run under way, as photorealistic as its result will be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...styles.source import resized
from ..base import Reporter
from ..problem import Problem
from .look import Look


class Photographed:
    """A reporter whose previews are as photorealistic as that, from 0 to 1; `seamless` as in the request."""

    def __init__(self, report: Reporter, problem: Problem, amount: float, seamless: str) -> None:
        self._report, self._problem, self._amount, self._seamless = report, problem, amount, seamless
        self.wants_preview, self.check = report.wants_preview, report.check
        self.fetching, self.preparing = report.fetching, report.preparing
        self.keep = getattr(report, "keep", None)

    def progress(self, step: int, of: int, scale: str, losses: Mapping[str, float], seconds_left: float) -> None:
        """See `Reporter`."""
        self._report.progress(step, of, scale, losses, seconds_left)

    def preview(self, rgb: NDArray[np.uint8]) -> None:
        """See `Reporter`."""
        problem = self._problem
        painted = _tensor(rgb).to(problem.content.device)
        photo = resized(problem.content, (rgb.shape[0], rgb.shape[1]))
        look = Look.of(photo, painted, problem.regions, problem.spared, self._seamless)
        seen = torch.lerp(painted, look.rows(photo, 0, rgb.shape[0]), self._amount)
        self._report.preview((seen[0].permute(1, 2, 0).cpu().numpy() * 255 + 0.5).astype(np.uint8))


def _tensor(rgb: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1)[None].float() / 255
