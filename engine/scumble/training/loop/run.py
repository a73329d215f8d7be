"""A training run: the loop of steps, their schedule, the average of the weights, checkpoints, and the log."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ...wire.protocol.errors import ScumbleError
from . import checkpoint
from .log import Log, Terms
from .stopping import Stopping

Loss = Callable[[], tuple[Tensor, Terms]]
BETAS = (0.9, 0.99)
CHECKPOINT = "checkpoint.safetensors"
LOST = 25  # steps in a row without finite gradients: it will not recover


@dataclass(frozen=True)
class Plan:
    """How long to train, and how fast; steps or minutes end it, whichever is used up first."""

    steps: int | None = None
    minutes: float | None = None
    lr: float = 1e-3
    warm_up: int = 150  # steps
    ema: float = 0.998
    clip: float = 1.0  # largest norm of the gradient
    every: int = 0  # steps between two checkpoints …
    every_seconds: float = math.inf  # … or seconds
    log_every: int = 50
    seed: int = 1


@dataclass(frozen=True)
class Report:
    """Where a run is; `seconds_left` is an estimate, below 0 where nothing is known."""

    step: int
    of: int
    seconds: float
    seconds_left: float
    terms: Terms


def ignore(report: Report) -> None:
    """Tell nobody."""


class Run:
    """Trains the parameters of `module` on `loss`; keeps everything in the folder `out`.

    `rng` is what `loss` must draw from: before each step it is set anew from the seed and the step's number, so that a
    run that was interrupted goes on as it would have. `about` must be the same for a checkpoint to be taken up.
    """

    def __init__(self, module: nn.Module, loss: Loss, plan: Plan, out: Path, about: dict[str, str]) -> None:
        self.module, self.loss, self.plan, self.out, self.about = module, loss, plan, out, about
        self.average = copy.deepcopy(module).requires_grad_(False)
        self.adam = torch.optim.Adam([p for p in module.parameters() if p.requires_grad], lr=plan.lr, betas=BETAS)
        self.rng = np.random.default_rng(plan.seed)
        self.step, self.seconds, self.notes = 0, 0.0, dict[str, str]()
        self._lost, self._log = 0, Log(out / "log.jsonl")

    @property
    def file(self) -> Path:
        """The checkpoint."""
        return self.out / CHECKPOINT

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        by_steps = self.step / self.plan.steps if self.plan.steps else 0.0
        by_time = self.seconds / 60 / self.plan.minutes if self.plan.minutes else 0.0
        return min(1.0, max(by_steps, by_time))

    @property
    def rate(self) -> float:
        """The learning rate of the next step: a linear warm-up, then half a cosine down to a hundredth."""
        ramp = min(1.0, (self.step + 1) / self.plan.warm_up)
        return self.plan.lr * ramp * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * self.progress)))

    def resume(self) -> bool:
        """Take up the checkpoint of an earlier run; False when there is none. Raises `checkpoint-unusable`."""
        if not self.file.exists():
            return False
        tensors, found = checkpoint.read(self.file)
        checkpoint.check(self.file, found, self.about)
        checkpoint.fill(self.file, tensors, self.module, self.average, self.adam)
        try:
            self.step, self.seconds = int(found["step"]), float(found["seconds"])
        except (KeyError, ValueError):
            raise checkpoint.unusable(self.file, "it does not say how far it is") from None
        self.notes = {k: v for k, v in found.items() if k not in (*self.about, "step", "seconds")}
        return True

    def save(self) -> None:
        """Write a checkpoint. Raises `disk-full`, `file-write`."""
        about = {**self.notes, **self.about, "step": str(self.step), "seconds": str(self.seconds)}
        checkpoint.save(self.file, self.module, self.average, self.adam, about)

    def train_step(self) -> Terms:
        """One step; its terms and the gradient's norm. Raises `diverged`."""
        fresh = np.random.default_rng((self.plan.seed, self.step))
        self.rng.bit_generator.state = fresh.bit_generator.state
        for group in self.adam.param_groups:
            group["lr"] = self.rate
        total, terms = self.loss()
        self.adam.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        norm = float(nn.utils.clip_grad_norm_(self.module.parameters(), self.plan.clip))
        self._lost = 0 if math.isfinite(norm) else self._lost + 1
        if not self._lost:
            self.adam.step()
        elif self._lost >= LOST:
            raise ScumbleError("diverged")
        self.step += 1
        self._average()
        return {**terms, "norm": norm}

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.plan.ema, (self.step + 1) / (self.step + 10))
        for a, p in zip(self.average.parameters(), self.module.parameters(), strict=True):
            a.lerp_(p, 1 - decay)

    def go(self, on_due: Callable[[], dict[str, Any]], on_step: Callable[[Report], None] = ignore) -> bool:
        """Train to the end; False when it was stopped on the way, with a checkpoint to go on from.

        `on_due` is called before each checkpoint; what it returns joins the log. Raises `diverged`, `disk-full`,
        `file-write`.
        """
        saved = self.seconds
        with Stopping() as stopping:
            while self.progress < 1 and not stopping.asked:
                begin = time.monotonic()
                terms = self.train_step()
                self._log.add(terms)
                # A step's time counts before it is known whether that was the last one, a sheet's time after it.
                begin = self._count(begin)
                due = bool(self.plan.every) and self.step % self.plan.every == 0
                due = due or self.seconds - saved >= self.plan.every_seconds or self.progress >= 1
                if due or self.step % self.plan.log_every == 0:
                    self._log.write(self.step, self.seconds, on_due() if due else {})
                if due:
                    saved = self.seconds
                    self._count(begin)
                    self.save()
                on_step(self._report(terms))
            if self.progress < 1:
                self.save()
        return self.progress >= 1

    def _count(self, begin: float) -> float:
        now = time.monotonic()
        self.seconds += now - begin
        return now

    def _report(self, terms: Terms) -> Report:
        done = self.progress
        left = self.seconds / done - self.seconds if self.seconds > 1 and done else -1.0
        of = self.plan.steps or max(self.step, round(self.step / max(done, 1e-6)))
        return Report(self.step, of, self.seconds, left, terms)
