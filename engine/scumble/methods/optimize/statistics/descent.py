"""Optimizers of a picture: Adam with moments carried from scale to scale, L-BFGS, and what keeps them stable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from ....wire.protocol.errors import ScumbleError
from ....wire.request.request import Request

Evaluate = Callable[[Tensor], tuple[float, Tensor]]  # the loss and its gradient
RATE = 0.03  # unless the request says otherwise
BETAS = (0.9, 0.99)
# In units of a pixel's gradient of the summed loss: where nothing pulls, Adam must not amplify rounding to full steps.
EPS = 1e-4
STUCK = 1e-4  # of a pixel's range: a step of L-BFGS that moves none further goes nowhere


class Descent(Protocol):
    """One scale's optimization: `step` lowers the loss of `picture` in place and returns the loss before it."""

    picture: Tensor

    def step(self) -> float:
        """One step."""

    def slow_down(self) -> None:
        """Take smaller steps from here on, with a fresh memory: the last ones diverged."""

    def memory(self) -> dict[str, Any]:
        """What it knows beside the picture: tensors, lists of them, numbers."""

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Go on with what another's `memory` told."""


class Clip:
    """Clip the gradient to a multiple of its running mean norm."""

    def __init__(self, factor: float) -> None:
        self.factor, self.mean = factor, 0.0

    def __call__(self, grad: Tensor) -> None:
        norm = float(grad.norm())
        if self.factor and self.mean and norm > self.factor * self.mean:
            grad.mul_(self.factor * self.mean / norm)
            norm = self.factor * self.mean
        self.mean = 0.9 * self.mean + 0.1 * norm if self.mean else norm


class AdamDescent:
    """Adam (Kingma & Ba 2015) on the pixels where `free` is 1."""

    def __init__(self, picture: Tensor, free: Tensor, evaluate: Evaluate, request: Request) -> None:
        self.picture = picture.clone().requires_grad_(True)
        self.free, self.evaluate, self.clip = free, evaluate, Clip(request.clip)
        self.adam = torch.optim.Adam([self.picture], lr=request.learning_rate or RATE, betas=BETAS, eps=EPS)

    def step(self) -> float:
        """One step of Adam."""
        loss, grad = self.evaluate(self.picture)
        # A sum over pixels rather than a mean: a pixel's gradient is the same at every size.
        self.picture.grad = grad.mul_(self.free * self.picture[0, 0].numel())
        self.clip(grad)
        self.adam.step()
        with torch.no_grad():
            self.picture.clamp_(0, 1)
        return loss

    def slow_down(self) -> None:
        """Halve the step and forget the moments."""
        self.adam.state.clear()
        self.adam.param_groups[0]["lr"] *= 0.5

    def memory(self) -> dict[str, Any]:
        """See `Descent`."""
        state = dict(self.adam.state.get(self.picture) or {})
        return {**state, "rate": self.adam.param_groups[0]["lr"], "clip": self.clip.mean}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """See `Descent`."""
        known = dict(memory)
        self.adam.param_groups[0]["lr"], self.clip.mean = known.pop("rate"), known.pop("clip")
        if known:
            self.adam.state[self.picture] = known

    def warm_start(self, coarser: AdamDescent) -> None:
        """Take over the moments of a coarser scale, resized, and its step count and rate."""
        state = coarser.adam.state.get(coarser.picture)
        if state is None:
            return
        size = self.picture.shape[-2:]
        carried = {"step": state["step"].clone()}
        for key in ("exp_avg", "exp_avg_sq"):
            carried[key] = F.interpolate(state[key], size=size, mode="bilinear").clamp_min(0 if "sq" in key else -1e9)
        self.adam.state[self.picture] = carried
        self.adam.param_groups[0]["lr"] = coarser.adam.param_groups[0]["lr"]


class LBFGSDescent:
    """L-BFGS (Liu & Nocedal 1989) with a strong-Wolfe line search; one outer iteration a step.

    Pixels stay in [0, 1] by projection (Bertsekas 1982): the loss is that of the projected picture, a pixel at a bound
    has no gradient beyond it, and the curvature learns from the step as it was after its projection.
    """

    def __init__(self, picture: Tensor, free: Tensor, evaluate: Evaluate, request: Request) -> None:
        self.picture = picture.clone().requires_grad_(True)
        self.free, self.evaluate, self.rate = free, evaluate, 1.0
        self._fresh()

    def _fresh(self) -> None:
        # Curvature pairs do not resize: each scale starts a memory of its own.
        self.lbfgs = torch.optim.LBFGS(
            [self.picture], lr=self.rate, max_iter=1, max_eval=8, history_size=20, line_search_fn="strong_wolfe",
            tolerance_grad=0, tolerance_change=0,
        )  # fmt: skip

    def memory(self) -> dict[str, Any]:
        """See `Descent`."""
        state = dict(self.lbfgs.state.get(self.picture) or {})
        state.pop("al", None)  # torch's scratch
        return {**state, "rate": self.rate}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """See `Descent`."""
        known = dict(memory)
        self.rate = known.pop("rate")
        self._fresh()
        if known:
            self.lbfgs.state[self.picture] = known

    def _closure(self) -> float:
        pixels, at = self.picture[0, 0].numel(), self.picture.detach()
        loss, grad = self.evaluate(at.clamp(0, 1).requires_grad_(True))
        held = (at < 0) | (at > 1) | ((at == 0) & (grad > 0)) | ((at == 1) & (grad < 0))
        self.picture.grad = grad.mul_(self.free * pixels).masked_fill_(held, 0)
        return loss * pixels

    def step(self) -> float:
        """One iteration with its line search."""
        before = self.picture.detach().clone()
        loss = float(self.lbfgs.step(self._closure)) / self.picture[0, 0].numel()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            self.picture.clamp_(0, 1)
            state, moved = self.lbfgs.state[self.picture], (self.picture - before).flatten()
            if "d" in state:  # the step, of which torch makes its next pair of curvature
                state["d"], state["t"] = moved, 1.0
        if state["n_iter"] > 1 and float(moved.abs().max()) < STUCK:
            self._fresh()  # what it knows leads over a bound: from the gradient alone it finds its way along
        return loss

    def slow_down(self) -> None:
        """Halve the step and forget the curvature."""
        self.rate *= 0.5
        self._fresh()


def make_descent(
    picture: Tensor, free: Tensor, evaluate: Evaluate, request: Request, coarser: Descent | None
) -> Descent:
    """The request's optimizer for one scale, warm-started from the coarser one where that is possible."""
    if request.optimizer == "lbfgs":
        return LBFGSDescent(picture, free, evaluate, request)
    adam = AdamDescent(picture, free, evaluate, request)
    if isinstance(coarser, AdamDescent):
        adam.warm_start(coarser)
    return adam


class Average:
    """Exponential moving average of the iterates with bias correction: the grain of single steps cancels."""

    def __init__(self, decay: float) -> None:
        self.decay, self.value, self.weight = decay, torch.zeros(()), 0.0

    def update(self, picture: Tensor) -> None:
        """Take in an iterate."""
        self.value = self.decay * self.value + (1 - self.decay) * picture.detach()
        self.weight = self.decay * self.weight + (1 - self.decay)

    def get(self) -> Tensor:
        """The average so far."""
        return self.value / self.weight


class Guard:
    """Rollback on divergence: keeps the best recent picture and returns to it with smaller steps."""

    LIMIT, EVERY, MOST = 4.0, 10, 6
    FLOOR = 1e-3  # below this a loss is practically 0, and its changes mean nothing

    def __init__(self, descent: Descent) -> None:
        self.descent, self.kept, self.level, self.count, self.rollbacks = (
            descent,
            descent.picture.detach().clone(),
            0.0,
            0,
            0,
        )

    def accept(self, loss: float) -> bool:
        """Whether a step's loss is sane; otherwise the picture is put back. Raises `diverged` when that is hopeless."""
        sane = loss == loss and abs(loss) != float("inf") and bool(torch.isfinite(self.descent.picture).all())
        if sane and (not self.level or loss <= self.LIMIT * max(self.level, self.FLOOR)):
            self.count += 1
            if not self.level or loss <= self.level:
                self.level = loss
            if self.count % self.EVERY == 0:
                self.kept = self.descent.picture.detach().clone()
            return True
        self.rollbacks += 1
        if self.rollbacks > self.MOST:
            raise ScumbleError("diverged")
        with torch.no_grad():
            self.descent.picture.copy_(self.kept)
        self.descent.slow_down()
        return False
