"""The course of “neighbours”: at which sizes it drafts, paints over and refines, and how long each takes.

Free of torch: the engine's front estimates by it how long a run will take.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from ...wire.request.request import Request

STEP = 8  # sides of a stage are multiples of this, so that every tap falls onto the grid of columns
ROUNDS = 2  # of painting over, at each level
# A size is told by the side of a square of as many pixels, so that a panorama costs what a square does.
FINEST_DRAFT, FINEST_REFINED, FINEST = 512.0, 1100.0, 2100.0
COARSEST, SHORTEST = 64, 32  # sides of the coarsest scale; the short side has at least so many pixels
STEPS = ((64, 40.0), (128, 32.0), (256, 18.0), (512, 3.0))  # at a size, for `USUAL` iterations
USUAL, REFINING = 40, 3
FIRST_LEVEL = 640.0  # the largest size at which repainting may begin
# What things cost, in pixels of a step: making a scale ready and a round of repainting, for each pixel; and any step.
READYING, ROUND, STEPPING = 3.0, 2.5, 20_000.0


@dataclass(frozen=True)
class Stage:
    """One scale of the draft: its size in pixels (multiples of `STEP`) and its steps."""

    height: int
    width: int
    steps: int


@dataclass(frozen=True)
class Level:
    """One level of painting over: height and width in pixels."""

    height: int
    width: int


@dataclass(frozen=True)
class Course:
    """The draft's stages, the levels of repainting, and the stage of refining, which follows one of the levels."""

    stages: list[Stage]
    levels: list[Level]
    refining: Stage
    refined: int  # the level that it follows, by number

    @classmethod
    def of(cls, height: int, width: int, request: Request) -> Course:
        """The course for a picture of this size."""
        full = math.sqrt(height * width)
        coarsest = max(request.min_size or COARSEST, SHORTEST * full / min(height, width))
        drafted = min(full, FINEST_DRAFT)
        count = max(0, round(math.log(drafted / coarsest) / math.log(request.scale_factor)))
        growth = (drafted / coarsest) ** (1 / count) if count else 1.0
        sides = [drafted / growth**k for k in range(count, -1, -1)]
        stages = [_stage(height, width, s / full, _steps(s, request.iterations)) for s in sides]
        levels = _levels(min(full, FINEST))
        refined = max(i for i, s in enumerate(levels) if s <= FINEST_REFINED or i == 0)
        refining = _stage(height, width, levels[refined] / full, math.ceil(REFINING * request.iterations / USUAL))
        rounded = [Level(max(1, round(height * s / full)), max(1, round(width * s / full))) for s in levels]
        return cls(stages, rounded, refining, refined)

    def work(self, rounds: int) -> float:
        """The whole work with so many rounds of painting over, in pixels of a step; without any, nothing is refined."""
        stages = [*self.stages, self.refining] if rounds else self.stages
        drafted = sum(s.steps * step_work(s) for s in stages)
        return drafted + sum(v.height * v.width * rounds * ROUND for v in self.levels)


def step_work(stage: Stage) -> float:
    """What a step of a stage costs, with its part of making the stage ready, in pixels of a step."""
    return stage.height * stage.width * (1 + READYING / max(stage.steps, 1)) + STEPPING


class Clock:
    """Seconds left, from the work done so far. `rest` is all of it, in pixels of a step."""

    def __init__(self, rest: float, now: Callable[[], float] = time.monotonic) -> None:
        self.rest, self.done, self._skipped, self._now = rest, 0.0, 0.0, now
        self._start = now()

    def tick(self, work: float) -> float:
        """Count `work`; seconds left."""
        self.done += work
        self.rest = max(0.0, self.rest - work)
        return (self._now() - self._start) * self.rest / (self.done - self._skipped)

    def skip(self, work: float) -> None:
        """Count `work` that was done before this clock began."""
        self.done += work
        self._skipped += work
        self.rest = max(0.0, self.rest - work)


def _stage(height: int, width: int, ratio: float, steps: int) -> Stage:
    sides = [max(SHORTEST, math.ceil(n * ratio / STEP - 0.5) * STEP) for n in (height, width)]
    return Stage(sides[0], sides[1], steps)


def _steps(side: float, iterations: int) -> int:
    """How many steps a size gets: between the sizes of `STEPS` in proportion to the octave."""
    at = min(max(math.log2(side / STEPS[0][0]), 0.0), len(STEPS) - 1.0)
    low = min(int(at), len(STEPS) - 2)
    usual = STEPS[low][1] + (at - low) * (STEPS[low + 1][1] - STEPS[low][1])
    return max(1, round(usual * iterations / USUAL))


def _levels(full: float) -> list[float]:
    sides = [full, full / 2]
    while sides[-1] > FIRST_LEVEL:
        sides.append(sides[-1] / 2)
    return sides[::-1]
