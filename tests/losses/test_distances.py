"""Covariance, sliced and patch losses: none at the style itself, gradients, weights, and heads as they are meant."""

from __future__ import annotations

import pytest
import torch

from scumble.features.encoder import Head
from scumble.losses import CovarianceLoss, Loss, PatchLoss, SlicedLoss, Stepping, moments
from scumble.losses.covariance import _Bures
from scumble.losses.embedding import Embedding
from scumble.losses.patches import EVERY
from scumble.losses.patching import around, sampled_patches, unrolled
from scumble.losses.sliced import drawn, quantiles

ONES = torch.ones(8, 10)
INSIDE = torch.nn.functional.pad(torch.ones(4, 6), (2, 2, 2, 2))  # no patch under it crosses the border


def maps(seed: int = 0, channels: int = 4) -> torch.Tensor:
    return torch.rand(channels, 8, 10, generator=torch.Generator().manual_seed(seed))


def head(channels: int = 4, wide: int = 9) -> Head:
    g = torch.Generator().manual_seed(4)
    return Head(torch.randn(wide, channels, generator=g), torch.randn(wide, generator=g))


def columns(f: torch.Tensor) -> torch.Tensor:
    return f.flatten(1).t()


def loss_of(kind: str, style: torch.Tensor, weight: torch.Tensor, behind: Head | None) -> Loss:
    if kind == "covariance":
        return CovarianceLoss.of("t", moments(style, torch.ones(style.shape[1:])), weight, behind)
    if kind == "sliced":
        return SlicedLoss.of("t", [(1.0, columns(style))], weight, behind, seed=3)
    patches = sampled_patches(style, torch.ones(style.shape[1:], dtype=torch.bool), 1000, 0)
    return PatchLoss.of("t", [(1.0, patches)], torch.zeros_like(style), weight, behind)


def value(loss: Loss, f: torch.Tensor) -> torch.Tensor:
    return loss.of_map(f)  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("behind", [None, head()], ids=["plain", "head"])
@pytest.mark.parametrize("kind", ["covariance", "sliced", "patches"])
def test_nothing_is_lost_at_the_style_itself_and_descent_leads_there(kind: str, behind: Head | None) -> None:
    style = maps(1)
    loss = loss_of(kind, style, INSIDE if kind == "patches" else ONES, behind)
    assert float(value(loss, style)) == pytest.approx(0, abs=2e-6)
    x = maps(2).requires_grad_(True)
    adam, first = torch.optim.Adam([x], lr=0.02), float(value(loss, x).detach())
    for _ in range(120):
        assert isinstance(loss, Stepping) or kind == "covariance"
        if isinstance(loss, Stepping):
            loss.next_step()
        adam.zero_grad()
        now = value(loss, x)
        now.backward()  # type: ignore[no-untyped-call]
        adam.step()
    assert first > 0.01 and float(now.detach()) < 0.1 * first


@pytest.mark.parametrize("kind", ["covariance", "sliced"])
def test_losses_of_distributions_do_not_see_places_or_counts(kind: str) -> None:
    style = maps(1)
    twice = torch.cat([style, style.flip(1)], 1)
    loss = loss_of(kind, style, torch.ones(16, 10), None)
    assert float(value(loss, twice)) < 1e-3


@pytest.mark.parametrize("kind", ["covariance", "sliced", "patches"])
def test_what_has_no_weight_does_not_count(kind: str) -> None:
    weight = torch.zeros(8, 10)
    weight[2:6, 1:5] = 0.5 + 0.5 * torch.rand(4, 4, generator=torch.Generator().manual_seed(1))
    f, style = maps(1), maps(2)
    other = f.clone()
    other[:, :, 7:] = 50.0
    assert torch.equal(value(loss_of(kind, style, weight, None), f), value(loss_of(kind, style, weight, None), other))


def test_bures_is_the_distance_and_its_derivative() -> None:
    """Against the definition by roots of matrices, differentiated by autograd in double precision."""
    a, b = (torch.randn(5, 12, generator=torch.Generator().manual_seed(i), dtype=torch.float64) for i in (1, 2))
    c, t = a @ a.t() / 12, b @ b.t() / 12

    def root(m: torch.Tensor) -> torch.Tensor:
        values, vectors = torch.linalg.eigh(m)
        return (vectors * values.sqrt()) @ vectors.t()

    c.requires_grad_(True)
    s = root(t)
    plain = c.trace() + t.trace() - 2 * root(s @ c @ s).trace()
    ours = _Bures.apply(c, s, float(t.trace()), 0.0)
    assert float(ours.detach()) == pytest.approx(float(plain.detach()), rel=1e-9)
    (expected,), (actual,) = torch.autograd.grad(plain, c), torch.autograd.grad(ours, c)
    assert torch.allclose((expected + expected.t()) / 2, actual, rtol=1e-6, atol=1e-9)


def test_covariance_of_shifted_features_is_the_shift() -> None:
    f = maps(1)
    loss = CovarianceLoss.of("t", moments(f, ONES), ONES, None)
    assert float(loss.of_map(f + 0.5)) == pytest.approx(4 * 0.25 * loss.scale, rel=1e-3)


def test_silent_channels_pull_within_bounds() -> None:
    style, f = maps(1), maps(2)
    style[1], f[2] = 0, 0
    x = f.requires_grad_(True)
    loss = CovarianceLoss.of("t", moments(style, ONES), ONES, None)
    (grad,) = torch.autograd.grad(loss.of_map(x), x)
    assert bool(grad.isfinite().all()) and float(grad.abs().max()) < 1


def test_an_embedding_keeps_the_products_of_wide_features() -> None:
    f, g, h = maps(1), maps(2), head()
    wide = [h.weight @ m.flatten(1) + h.bias[:, None] for m in (f, g)]
    ours = [Embedding.of(h, f).rows(m) for m in (f, g)]
    assert torch.allclose(ours[0] @ ours[1].t(), wide[0].t() @ wide[1], rtol=1e-3, atol=1e-3)
    mean, covariance = Embedding.of(h, f).gaussian(moments(f, ONES))
    assert torch.allclose(mean, ours[0].mean(0), atol=1e-4)
    assert torch.allclose(covariance, ours[0].t().cov(correction=0), atol=1e-3)


def test_quantiles_are_linear_between_samples() -> None:
    found = quantiles(torch.tensor([[3.0, 1.0]]), torch.tensor([[0.0, 0.25, 0.5, 0.75, 1.0]]))
    assert found.tolist() == [[1, 1, 2, 3, 3]]


def test_columns_are_drawn_by_weight() -> None:
    weight = torch.tensor([0.0, 1, 0, 3, 0])
    assert sorted(drawn(torch.ones(7), 100, 0).tolist()) == list(range(7))
    assert set(drawn(weight, 100, 0).tolist()) <= {1, 3}
    assert sum(drawn(weight.repeat(50), 40, 0) % 5 == 3) == pytest.approx(30, abs=3)


def test_directions_differ_from_step_to_step_and_agree_for_a_seed() -> None:
    f, style = maps(1), maps(2)
    one, two = (loss_of("sliced", style, ONES, None) for _ in range(2))
    assert torch.equal(value(one, f), value(two, f))
    one.next_step()  # type: ignore[attr-defined]
    assert not torch.equal(value(one, f), value(two, f))


def test_votes_are_the_sum_over_patches() -> None:
    """Against equation 2, patch by patch, with strength, two styles and soft weights."""
    f, own, styles = maps(1), maps(2), (maps(3), maps(4))
    weight = INSIDE * maps(5)[0]
    solid = torch.ones(8, 10, dtype=torch.bool)
    patches = [sampled_patches(s, solid, 30, 0) for s in styles]
    loss = PatchLoss.of("t", list(zip((0.7, 0.3), patches, strict=True)), own, weight, None, strength=0.6)
    places = torch.nonzero(weight.flatten() > 0)[:, 0]
    seen, kept = (unrolled(columns(m), places, (8, 10)).flatten(1) for m in (f, own))
    share, expected = weight.flatten()[places] / weight.sum(), 0.0
    for part, p in zip((0.7, 0.3), patches, strict=True):
        flat = p.flatten(1)
        nearest = flat[torch.cosine_similarity(seen[:, None], flat[None], dim=2).argmax(1)]
        wanted = torch.lerp(kept, nearest, 0.6)
        expected += part * float(share @ (seen - wanted).square().sum(1))
    ours, scale = float(loss.of_map(f)), loss.scale
    assert ours / scale == pytest.approx(expected, rel=1e-4)


def test_matches_last_for_some_steps() -> None:
    loss = loss_of("patches", maps(1), ONES, None)
    assert isinstance(loss, PatchLoss)
    loss.of_map(maps(2))
    votes = loss._votes
    for _ in range(EVERY - 1):
        loss.next_step()
    assert loss._votes is votes
    loss.next_step()
    assert loss._votes is None


def test_patches_at_the_border_go_on() -> None:
    index, within = around(torch.tensor([0, 4]), (3, 3))
    assert index.tolist() == [[0, 0, 1, 0, 0, 1, 3, 3, 4], list(range(9))]
    assert within.sum(1).tolist() == [4, 9]
