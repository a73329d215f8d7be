"""Painting scenes: bands, masks, strength, and what must stay as it was, with networks of random weights."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from scumble.features.slim import Slim
from scumble.networks.adaptive import ADAPTIVE, DEEP, SKIP, AdaptiveNet
from scumble.networks.condition import PerPicture
from scumble.networks.painting import paint, recalled
from scumble.networks.scene import RIM, Octaves, Scene
from scumble.networks.statistics import Sums
from scumble.wire.protocol.errors import ScumbleError


@pytest.fixture(scope="module")
def net() -> AdaptiveNet:
    torch.manual_seed(3)
    return AdaptiveNet(Slim((4, 6, 8, 8, 8)).requires_grad_(False), (6, 8), (1, 1, 2)).eval().requires_grad_(False)


def content(height: int, width: int) -> Tensor:
    y, x = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    waves = torch.stack([(9 * x).sin(), (7 * y + 3 * x).cos(), (40 * x * y).sin()])[None]
    return (waves + 1) / 2


def ramp(height: int, width: int, count: int) -> Tensor:
    """Soft shares of `count` styles from left to right."""
    at = torch.linspace(0, count - 1, width).expand(height, width)
    return torch.stack([(1 - (at - k).abs()).clamp_min(0) for k in range(count)])


def scene(net: AdaptiveNet, size: tuple[int, int], count: int = 2, strength: float = 1.0) -> Scene:
    torch.manual_seed(1)
    codes = torch.randn(count, net.code_size) * 0.2
    weight = torch.ones(size)
    weight[: size[0] // 4] = 0.3
    return Scene.of(content(*size), torch.zeros(net.code_size), codes, ramp(*size, count), weight, strength)


def go(net: AdaptiveNet, at: Scene, band: int = 0) -> Tensor:
    return paint(net, at, lambda stage, of: None, band=band)


@pytest.mark.parametrize("size", [(96, 64), (101, 83), (67, 130)])
@pytest.mark.parametrize("count", [1, 3])
def test_bands_change_nothing(net: AdaptiveNet, size: tuple[int, int], count: int) -> None:
    at = scene(net, size, count)
    whole = go(net, at)
    for band in (1, 2000, 5000):
        assert (go(net, at, band) - whole).abs().max() < 1e-3


@pytest.mark.parametrize("strength", [1.0, 0.4])
def test_it_is_the_network_that_training_runs(net: AdaptiveNet, strength: float) -> None:
    at = scene(net, (64, 96), 1, strength)
    even = replace(at, weight=torch.ones_like(at.weight))
    condition = PerPicture(net.norms, even.codes, even.own, ADAPTIVE)
    seen = net.encoder(even.framed(torch.float32).content, (SKIP, DEEP))
    trained = net.decode(seen, condition)[..., RIM:-RIM, RIM:-RIM]
    trained = recalled(trained, even.content, even.weight, float(even.own[0])).clamp(0, 1)
    assert even.amount is None  # strength above the ramp: nothing of the picture itself is mixed in
    assert torch.allclose(go(net, even), trained, atol=1e-3)


def test_a_mixture_everywhere_is_one_code(net: AdaptiveNet) -> None:
    """Equal shares at every pixel blend codes once; soft masks that happen to be even must give the same picture."""
    codes, shares = torch.randn(2, net.code_size) * 0.2, torch.full((2, 64, 64), 0.5)
    one = Scene.of(content(64, 64), torch.zeros(net.code_size), codes, shares, torch.ones(64, 64), 1.0)
    assert len(one.codes) == 1
    two = replace(one, codes=codes, shares=shares, own=one.own.expand(2))
    assert torch.allclose(go(net, one), go(net, two), atol=1e-3)


def test_strength_nothing_is_the_picture(net: AdaptiveNet) -> None:
    at = scene(net, (64, 72), strength=0.0)
    assert torch.equal(go(net, at), at.content)


def test_strength_is_a_walk(net: AdaptiveNet) -> None:
    """Small steps of strength make small steps of the picture, also where the picture itself fades out."""
    steps = [go(net, scene(net, (64, 64), strength=float(a))) for a in torch.linspace(0, 1, 21)]
    moves = torch.tensor([(b - a).abs().mean() for a, b in pairwise(steps)])
    assert float(moves.max()) < 4 * float(moves.mean())
    assert float((steps[-1] - steps[0]).abs().mean()) > 0.02


def test_where_no_style_is_the_picture_stays(net: AdaptiveNet) -> None:
    shares = torch.zeros(1, 64, 96)
    shares[..., :40] = 1
    codes = torch.randn(1, net.code_size) * 0.2
    at = Scene.of(content(64, 96), torch.zeros(net.code_size), codes, shares, torch.ones(64, 96), 1.0)
    out = go(net, at)
    assert torch.equal(out[..., 40:], at.content[..., 40:])
    assert (out - at.content)[..., :40].abs().mean() > 0.02


def test_statistics_count_by_the_selection_alone(net: AdaptiveNet) -> None:
    """What is not selected changes the painting only within the network's reach, not through its statistics."""
    at = scene(net, (64, 256), 1)
    weight = torch.zeros(64, 256)
    weight[:, :64] = 1
    other = at.content.clone()
    other[..., 224:] = 1 - other[..., 224:]
    here = go(net, replace(at, weight=weight))
    there = go(net, replace(at, content=other, weight=weight))
    assert torch.allclose(here[..., :64], there[..., :64], atol=1e-5)
    whole = go(net, replace(at, content=other, weight=torch.ones_like(weight)))
    assert (whole - there)[..., :64].abs().max() > 1e-3


def test_it_can_be_cancelled_between_stages(net: AdaptiveNet) -> None:
    seen: list[tuple[int, int]] = []

    def check(stage: int, of: int) -> None:
        seen.append((stage, of))
        if stage == 3:
            raise ScumbleError("cancelled")

    with pytest.raises(ScumbleError, match="cancelled"):
        paint(net, scene(net, (64, 64)), check)
    assert seen == [(i, len(net.stages())) for i in range(4)]


def test_sums_are_those_of_the_weighted_map() -> None:
    y, w = torch.randn(1, 5, 40, 30) + 3, torch.rand(40, 30)
    sums = Sums(5, y.device)
    sums.add(y[..., :16, :], w[:16])
    sums.add(y[..., 16:, :], w[16:])
    mean = (y[0] * w).sum((1, 2)) / w.sum()
    variance = ((y[0] - mean[:, None, None]).square() * w).sum((1, 2)) / w.sum()
    found = sums.mean_and_variance()
    assert torch.allclose(found[0], mean, atol=1e-3) and torch.allclose(found[1], variance, atol=1e-3)


def test_octaves_are_averages() -> None:
    maps = torch.rand(2, 32, 48)
    assert torch.allclose(Octaves(maps)(6), maps.reshape(2, 4, 8, 6, 8).mean((2, 4)), atol=1e-6)


def test_without_strength_the_encoders_features_stay(net: AdaptiveNet) -> None:
    """The identity takes the content's own statistics: adaptive normalisation then changes nothing."""
    torch.manual_seed(0)
    features = torch.rand(1, net.norms[0], 16, 16) * 3 + 1
    identity = net.identity_code(torch.zeros(net.code_size - net.direct_size))
    same = PerPicture(net.norms, identity[None], torch.ones(1), ADAPTIVE)(0, features)
    assert torch.allclose(same, features, atol=1e-3)


def test_without_strength_the_contents_colours_come_back() -> None:
    painted, wanted, weight = torch.rand(1, 3, 20, 30) * 0.5, content(20, 30), torch.rand(20, 30)
    assert recalled(painted, wanted, weight, 0.0) is painted
    same = recalled(painted, wanted, weight, 1.0)

    def colours(x: Tensor) -> Tensor:
        mean = (x[0] * weight).sum((1, 2)) / weight.sum()
        return torch.stack([mean, ((x[0] - mean[:, None, None]).square() * weight).sum((1, 2)) / weight.sum()])

    assert torch.allclose(colours(same), colours(wanted), atol=0.01)
