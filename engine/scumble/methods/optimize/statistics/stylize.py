"""Masked multi-style optimization, coarse to fine (Gatys et al. 2016, 2017), top to bottom, for any style loss."""

from __future__ import annotations

import time

import torch
from torch import Tensor

from ....features.encoder import Encoder
from ....styles.source import resized
from ....wire.request.request import Request
from ...base import Painted, Reporter
from ...keeping import keep_of
from ...preview import preview_of
from ...problem import Problem
from ..trail import Trail
from .descent import Average, Descent, Guard, make_descent
from .kind import GRAM, StyleKind
from .objective import objective
from .rim import Rim
from .scales import COARSEST, Scale, scales
from .start import start_picture
from .station import Station, Way


class Clock:
    """Seconds left, from the time that a step takes for each pixel so far."""

    def __init__(self, plan: list[Scale]) -> None:
        self.work = sum(s.steps * s.height * s.width for s in plan)
        self.done, self.skipped, self.start = 0, 0, time.monotonic()

    def tick(self, scale: Scale) -> float:
        """Count a step; seconds left."""
        self.done += scale.height * scale.width
        return (time.monotonic() - self.start) * (self.work - self.done) / (self.done - self.skipped)

    def skip(self, work: int) -> None:
        """Count what was done before this clock began."""
        self.done, self.skipped = self.done + work, self.skipped + work


def paint(problem: Problem, encoder: Encoder, request: Request, report: Reporter) -> Painted:
    """Optimize `problem` under `encoder` by Gram matrices, as `objectives` asks. Raises what `stylize` does."""
    return stylize(problem, encoder, request, report, GRAM)


def stylize(problem: Problem, encoder: Encoder, request: Request, report: Reporter, kind: StyleKind) -> Painted:
    """Optimize `problem` with the style loss of `kind`. Raises `cancelled`, `diverged`, `layer-unknown`."""
    return _Run(problem, encoder, request, report, kind).painted()


class _Run:
    """One run: its scales, and how it tells of them."""

    def __init__(self, problem: Problem, encoder: Encoder, request: Request, report: Reporter, kind: StyleKind) -> None:
        self.original, self.encoder, self.request, self.report, self.kind = problem, encoder, request, report, kind
        self.problem = kind.prepare(problem, request.strength) if kind.prepare else problem
        height, width = problem.content.shape[-2:]
        coarsest = request.min_size or COARSEST
        self.plan = scales(height, width, coarsest, request.scale_factor, request.iterations)
        self.total, self.clock = sum(s.steps for s in self.plan), Clock(self.plan)
        self.step, self.losses = 0, {"total": 0.0}
        self.descent: Descent | None = None
        self.station = Station.of(Trail(keep_of(report), self))

    @property
    def counted(self) -> tuple[int, float]:
        """See `Counting`."""
        return self.step, self.clock.done

    def go_on(self, step: int, work: float) -> None:
        """See `Counting`."""
        self.step = step
        self.clock.skip(int(work) - self.clock.done)

    def painted(self) -> Painted:
        """The picture, scale by scale."""
        picture: Tensor | None = None
        for number, scale in enumerate(self.plan):
            if number < self.station.number:
                continue
            self.report.check()
            self.station.at(number)
            picture = self._descended(scale, picture)
        assert picture is not None
        return Painted(picture.detach().clamp(0, 1), self.step, self.losses, self.encoder.name)

    def _descended(self, scale: Scale, coarser: Tensor | None) -> Tensor:
        """The picture of one scale, from that of the coarser one."""
        request, rim = self.request, Rim.of(scale.height, scale.width)
        at = rim.around(self.problem, scale)
        if coarser is None:  # also where it goes on: what is kept takes the place of this
            picture = start_picture(at, request.start, request.seed)
        else:
            picture = rim.extend(_refined(coarser, self.problem.content, rim.inner(at.content)))
        free = rim.widen(at.regions.visible > 0).to(picture)
        picture = torch.lerp(at.content, picture, free)  # what is far from the selection is the content, and stays so
        loss = objective(at, self.encoder, request, self.kind)
        descent = self.descent = make_descent(picture, free, loss, request, self.descent)
        way = Way(descent, Average(request.averaging), Guard(descent), loss)
        for step in range(self.station.resume(way), scale.steps):
            self.report.check()
            if request.optimizer == "adam":  # a line search and its curvature need one function
                loss.next_step()
            if way.guard.accept(descent.step()):
                way.average.update(descent.picture)
                self.losses = dict(loss.values)
            self._tell(scale, rim, at, descent.picture)
            self.station.save(way, step + 1, ended=step + 1 == scale.steps)
        return rim.inner(way.average.get() if scale.steps else picture)

    def _tell(self, scale: Scale, rim: Rim, at: Problem, picture: Tensor) -> None:
        self.step, left = self.step + 1, self.clock.tick(scale)
        self.report.progress(self.step, self.total, scale.name, self.losses, left)
        if self.request.preview_size and self.report.wants_preview():
            under = resized(self.original.content, (scale.height, scale.width))
            seen = rim.inner(at.regions.visible[None, None])
            self.report.preview(preview_of(rim.inner(picture), under, seen, self.request.preview_size))


def _refined(coarse: Tensor, finest: Tensor, content: Tensor) -> Tensor:
    """A coarser result at the size of `content`, with the detail that the content has and the coarser scale had not."""
    size = (content.shape[-2], content.shape[-1])
    blurred = resized(resized(finest, (coarse.shape[-2], coarse.shape[-1])), size)
    return (resized(coarse, size) + (content - blurred)).clamp(0, 1)
