"""Optimizers and what keeps them on the road."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from scumble.methods.optimize.statistics.descent import AdamDescent, Average, Clip, Guard, LBFGSDescent, make_descent
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.request import Request

TARGET = torch.linspace(0.1, 0.9, 3 * 8 * 8).view(1, 3, 8, 8)
FREE = torch.ones(8, 8)


def bowl(picture: torch.Tensor) -> tuple[float, torch.Tensor]:
    """A quadratic around the target, as losses are: a mean."""
    d = picture.detach() - TARGET
    return float(d.square().mean()), 2 * d / d.numel()


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_both_find_the_minimum(optimizer: str) -> None:
    descent = make_descent(
        torch.full_like(TARGET, 0.5), FREE, bowl, Request(optimizer=optimizer, learning_rate=0.05), None
    )
    first = descent.step()
    for _ in range(150):
        last = descent.step()
    assert last < first * 1e-3


def test_lbfgs_finds_the_minimum_within_bounds() -> None:
    """A coupled quadratic whose free minimum lies outside for half the pixels; the right one is SciPy's L-BFGS-B."""
    generator = torch.Generator().manual_seed(5)
    root = torch.randn(192, 192, generator=generator, dtype=torch.float64) / 192**0.5
    curved = root @ torch.diag(torch.logspace(-2, 0, 192, dtype=torch.float64)) @ root.T + 1e-3 * torch.eye(192)
    centre = torch.randn(192, generator=generator, dtype=torch.float64) + 0.5

    def value(x: torch.Tensor) -> tuple[float, torch.Tensor]:
        away = x - centre
        return float(away @ curved @ away) / 2 * 100, curved @ away * 100

    def evaluate(picture: torch.Tensor) -> tuple[float, torch.Tensor]:
        loss, grad = value(picture.detach().double().flatten())
        return loss, grad.float().view_as(picture)

    right = minimize(
        lambda x: tuple(map(np.asarray, value(torch.from_numpy(x)))), np.full(192, 0.5), jac=True, method="L-BFGS-B",
        bounds=[(0, 1)] * 192, options={"maxiter": 5000, "ftol": 1e-14, "gtol": 1e-9},
    )  # fmt: skip
    assert 20 < np.isin(right.x, (0, 1)).sum() < 180
    descent = LBFGSDescent(torch.full((1, 3, 8, 8), 0.5), FREE, evaluate, Request())
    start = evaluate(descent.picture)[0]
    for _ in range(200):
        descent.step()
        assert torch.equal(descent.picture.detach().clamp(0, 1), descent.picture.detach())
    left = (evaluate(descent.picture)[0] - right.fun) / (start - right.fun)
    assert -1e-6 < left < 1e-6, left


@pytest.mark.parametrize("kind", [AdamDescent, LBFGSDescent])
def test_what_is_not_free_stays(kind: type[AdamDescent] | type[LBFGSDescent]) -> None:
    free = torch.zeros(8, 8)
    free[:4] = 1
    start = torch.full_like(TARGET, 0.5)
    descent = kind(start, free, bowl, Request())
    for _ in range(5):
        descent.step()
    assert torch.equal(descent.picture[..., 4:, :], start[..., 4:, :])
    assert not torch.equal(descent.picture[..., :4, :], start[..., :4, :])


def test_the_moments_are_carried_over() -> None:
    coarse = AdamDescent(
        torch.full((1, 3, 4, 4), 0.5), torch.ones(4, 4), lambda p: (0.0, torch.ones_like(p)), Request()
    )
    for _ in range(3):
        coarse.step()
    fine = make_descent(torch.full_like(TARGET, 0.5), FREE, bowl, Request(), coarse)
    assert isinstance(fine, AdamDescent)
    state = fine.adam.state[fine.picture]
    assert state["exp_avg"].shape == TARGET.shape and float(state["step"]) == 3
    assert torch.allclose(state["exp_avg"], coarse.adam.state[coarse.picture]["exp_avg"].mean())


def test_clipping() -> None:
    clip, calm = Clip(2.0), torch.full((4,), 1.0)
    for _ in range(5):
        clip(calm.clone())
    wild = torch.full((4,), 100.0)
    clip(wild)
    assert float(wild.norm()) == pytest.approx(2.0 * 2.0)
    free = torch.full((4,), 100.0)
    Clip(0.0)(free)
    assert float(free.norm()) == 200


def test_the_average_is_unbiased() -> None:
    average = Average(0.9)
    for _ in range(3):
        average.update(torch.full((1,), 7.0))
    assert float(average.get()) == pytest.approx(7)
    average.update(torch.full((1,), 8.0))
    assert 7 < float(average.get()) < 8


def test_rollback_on_divergence() -> None:
    descent = AdamDescent(torch.full_like(TARGET, 0.5), FREE, bowl, Request())
    guard, kept, rate = Guard(descent), descent.picture.detach().clone(), descent.adam.param_groups[0]["lr"]
    assert guard.accept(1.0)
    descent.step()
    assert not guard.accept(float("nan"))
    assert torch.equal(descent.picture, kept) and descent.adam.param_groups[0]["lr"] == rate / 2
    assert not guard.accept(1e9)
    with pytest.raises(ScumbleError) as error:
        for _ in range(10):
            guard.accept(float("inf"))
    assert error.value.code == "diverged"


def test_rounding_is_not_amplified() -> None:
    start = torch.full_like(TARGET, 0.5)
    noise = lambda p: (0.0, torch.randn_like(p) * 1e-9)  # noqa: E731
    descent = AdamDescent(start, FREE, noise, Request())
    for _ in range(20):
        descent.step()
    assert float((descent.picture.detach() - start).abs().max()) < 1e-3
