"""Moments against their definitions, and the folded head against the wide Gram matrix."""

from __future__ import annotations

import pytest
import torch

from scumble.features.encoder import Head
from scumble.losses import metric, moments
from scumble.losses.moments import squared_distance, squared_norm


def wide_gram(features: torch.Tensor, weight: torch.Tensor, head: Head) -> torch.Tensor:
    """The Gram matrix of the widened features by its definition."""
    wide = head.weight @ features.flatten(1) + head.bias[:, None]
    share = weight.flatten() / weight.sum()
    return (wide * share) @ wide.t()


@pytest.fixture
def features() -> torch.Tensor:
    return torch.rand(5, 7, 9, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def weight() -> torch.Tensor:
    return torch.rand(7, 9, generator=torch.Generator().manual_seed(2)) + 0.01


def test_moments_are_weighted_means(features: torch.Tensor, weight: torch.Tensor) -> None:
    s = moments(features, weight)
    flat, share = features.flatten(1), weight.flatten() / weight.sum()
    assert torch.allclose(s[:-1, :-1], (flat * share) @ flat.t(), atol=1e-6)
    assert torch.allclose(s[:-1, -1], flat @ share, atol=1e-6)
    assert torch.allclose(s, s.t()) and s[-1, -1] == 1


def test_zero_weight_does_not_count(features: torch.Tensor, weight: torch.Tensor) -> None:
    weight[:, 5:] = 0
    other = features.clone()
    other[:, :, 5:] = torch.rand_like(other[:, :, 5:]) * 100
    assert torch.equal(moments(features, weight), moments(other, weight))


def test_gradient(features: torch.Tensor, weight: torch.Tensor) -> None:
    f = features.clone().requires_grad_(True)

    def plain(f: torch.Tensor) -> torch.Tensor:
        share = (weight / weight.sum()).flatten()
        flat = f.flatten(1)
        return ((flat * share) @ flat.t()).square().sum() + ((flat @ share) ** 3).sum()

    def ours(f: torch.Tensor) -> torch.Tensor:
        s = moments(f, weight)
        return s[:-1, :-1].square().sum() + (s[:-1, -1] ** 3).sum()

    expected = torch.autograd.grad(plain(f), f)[0]
    actual = torch.autograd.grad(ours(f), f)[0]
    assert torch.allclose(actual, expected, rtol=1e-4, atol=1e-7)


def test_channels_last_and_contiguous_agree(features: torch.Tensor, weight: torch.Tensor) -> None:
    last = features[None].contiguous(memory_format=torch.channels_last)[0]
    assert torch.allclose(moments(last, weight), moments(features, weight), atol=1e-6)


def test_head_folds_into_the_metric(features: torch.Tensor, weight: torch.Tensor) -> None:
    g = torch.Generator().manual_seed(3)
    head = Head(torch.randn(12, 5, generator=g), torch.randn(12, generator=g))
    other = torch.rand(5, 4, 4, generator=g)
    k = metric(5, head, features)
    a, b = wide_gram(features, weight, head), wide_gram(other, torch.ones(4, 4), head)
    s, t = moments(features, weight), moments(other, torch.ones(4, 4))
    assert float(squared_distance(s, t, k)) == pytest.approx(float((a - b).square().sum()), rel=1e-3)
    assert float(squared_norm(t, k)) == pytest.approx(float(b.square().sum()), rel=1e-4)


def test_metric_without_head_is_the_plain_gram(features: torch.Tensor, weight: torch.Tensor) -> None:
    s, t = moments(features, weight), moments(features * 0.5, weight)
    expected = (s - t)[:-1, :-1].square().sum()
    assert float(squared_distance(s, t, metric(5, None, features))) == pytest.approx(float(expected), rel=1e-5)


def test_bf16_keeps_three_digits() -> None:
    """Rounded features, exact sums: the error is that of the features, averaged, not that of one bf16 product."""
    g = torch.Generator().manual_seed(5)
    f = torch.rand(16, 90, 100, generator=g).bfloat16()
    w = torch.rand(90, 100, generator=g)
    exact, ours = moments(f.float(), w), moments(f, w)
    assert ours.dtype == torch.float32 and torch.equal(ours, ours.t())
    assert float((ours - exact).abs().max() / exact.abs().max()) < 1e-3
