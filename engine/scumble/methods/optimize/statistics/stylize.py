"""Masked multi-style optimization, coarse to fine (Gatys et al. 2016, 2017), top to bottom, for any style loss."""

from __future__ import annotations

import time

import torch
from torch import Tensor

from ....features.encoder import Encoder
from ....styles.source import resized
from ....wire.request import Request
from ...base import Painted, Reporter
from ...preview import preview_of
from ...problem import Problem
from .descent import Average, Descent, Guard, make_descent
from .kind import GRAM, StyleKind
from .objective import objective
from .rim import Rim
from .scales import COARSEST, Scale, scales
from .start import start_picture


class Clock:
    """Seconds left, from the time that a step takes for each pixel so far."""

    def __init__(self, plan: list[Scale]) -> None:
        self.work = sum(s.steps * s.height * s.width for s in plan)
        self.done, self.start = 0, time.monotonic()

    def tick(self, scale: Scale) -> float:
        """Count a step; seconds left."""
        self.done += scale.height * scale.width
        return (time.monotonic() - self.start) * (self.work - self.done) / self.done


def paint(problem: Problem, encoder: Encoder, request: Request, report: Reporter) -> Painted:
    """Optimize `problem` under `encoder` by Gram matrices, as `objectives` asks. Raises what `stylize` does."""
    return stylize(problem, encoder, request, report, GRAM)


def stylize(problem: Problem, encoder: Encoder, request: Request, report: Reporter, kind: StyleKind) -> Painted:
    """Optimize `problem` with the style loss of `kind`. Raises `cancelled`, `diverged`, `layer-unknown`."""
    original = problem.content
    if kind.prepare:
        problem = kind.prepare(problem, request.strength)
    height, width = problem.content.shape[-2:]
    plan = scales(height, width, request.min_size or COARSEST, request.scale_factor, request.iterations)
    total, clock = sum(s.steps for s in plan), Clock(plan)
    picture, step, losses = problem.content, 0, {"total": 0.0}
    descent: Descent | None = None
    for i, scale in enumerate(plan):
        report.check()
        rim = Rim.of(scale.height, scale.width)
        at = rim.around(problem, scale)
        if i == 0:
            picture = start_picture(at, request.start, request.seed)
        else:
            picture = rim.extend(_refined(picture, problem.content, rim.inner(at.content)))
        free = rim.widen(at.regions.visible > 0).to(picture)
        picture = torch.lerp(at.content, picture, free)  # what is far from the selection is the content, and stays so
        loss = objective(at, encoder, request, kind)
        descent = make_descent(picture, free, loss, request, descent)
        average, guard = Average(request.averaging), Guard(descent)
        for _ in range(scale.steps):
            report.check()
            if request.optimizer == "adam":  # a line search and its curvature need one function
                loss.next_step()
            sane = guard.accept(descent.step())
            step, left = step + 1, clock.tick(scale)
            if sane:
                average.update(descent.picture)
                losses = dict(loss.values)
            report.progress(step, total, scale.name, losses, left)
            if request.preview_size and report.wants_preview():
                inner, under = rim.inner(descent.picture), resized(original, (scale.height, scale.width))
                seen = rim.inner(at.regions.visible[None, None])
                report.preview(preview_of(inner, under, seen, request.preview_size))
        picture = rim.inner(average.get() if scale.steps else picture)
    return Painted(picture.detach().clamp(0, 1), step, losses, encoder.name)


def _refined(coarse: Tensor, finest: Tensor, content: Tensor) -> Tensor:
    """A coarser result at the size of `content`, with the detail that the content has and the coarser scale had not."""
    size = (content.shape[-2], content.shape[-1])
    blurred = resized(resized(finest, (coarse.shape[-2], coarse.shape[-1])), size)
    return (resized(coarse, size) + (content - blurred)).clamp(0, 1)
