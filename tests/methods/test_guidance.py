"""Masks do not leak: views, mixtures, and the statistics of a region under a hostile neighbour."""

from __future__ import annotations

import pytest
import torch

from scumble.features.encoder import Encoder
from scumble.features.registry import load_encoder
from scumble.losses import moments
from scumble.methods.optimize.statistics.guidance import guidance, view_of
from scumble.methods.regions import Regions

TAPS = ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv4_2", "conv5_1"]


@pytest.fixture(scope="module")
def slim() -> Encoder:
    return load_encoder("slim", torch.device("cpu"), torch.float32)


def halves(height: int, width: int, feather: int) -> torch.Tensor:
    """Shares of a left and a right style that blend over `feather` pixels; 2×H×W."""
    ramp = ((width / 2 - torch.arange(width) - 0.5) / feather + 0.5).clamp(0, 1)
    left = ramp.expand(height, width)
    return torch.stack([left, 1 - left])


def test_one_region_without_masks_sees_the_whole_picture() -> None:
    regions = Regions(torch.full((2, 48, 80), 0.5), (0, 0), torch.ones(48, 80))
    (only,) = guidance(regions)
    assert only.view.mirror is None and (only.view.height, only.view.width) == (48, 80)
    assert only.share == pytest.approx(1) and only.mixture.tolist() == pytest.approx([0.5, 0.5])


def test_shares_follow_mass_and_add_up() -> None:
    shares = torch.zeros(2, 64, 100)
    shares[0, :, :25], shares[1, :, 25:] = 1, 1
    a, b = guidance(Regions(shares, (0, 1), torch.ones(64, 100)))
    assert (a.share, b.share) == (pytest.approx(0.25), pytest.approx(0.75))
    assert a.mixture.tolist() == [1, 0] and b.mixture.tolist() == [0, 1]


def test_a_linear_blend_wants_the_blend() -> None:
    ramp = torch.linspace(0, 1, 600).expand(16, 600)
    a, _ = guidance(Regions(torch.stack([ramp, 1 - ramp]), (0, 1), torch.ones(16, 600)))
    assert a.mixture.tolist() == pytest.approx([2 / 3, 1 / 3], abs=1e-2)


def test_an_unseen_region_is_dropped() -> None:
    visible = torch.zeros(64, 64)
    visible[:, :20] = 1
    found = guidance(Regions(halves(64, 64, 1), (0, 1), visible))
    assert len(found) == 1 and found[0].share == pytest.approx(1)


@pytest.mark.parametrize("shape", [(70, 90), (33, 200)])
def test_the_mirror_stays_inside(shape: tuple[int, int]) -> None:
    support = torch.rand(shape, generator=torch.Generator().manual_seed(5)) > 0.7
    support[10:30, 20:60] = True
    view = view_of(support)
    assert view.inside is not None and view.mirror is not None
    flat = view.inside.flatten()
    assert bool(flat[view.mirror].all())
    assert torch.equal(view.mirror[flat], torch.arange(flat.numel())[flat])


def test_the_mirror_is_the_reflection_at_a_straight_border() -> None:
    support = torch.zeros(64, 128, dtype=torch.bool)
    support[:, :64] = True
    support[0, 100] = True  # keeps the box wide
    view = view_of(support)
    picture = torch.arange(128.0).expand(1, 1, 64, 128)
    row = view(picture)[0, 0, 40]
    assert row[64:74].tolist() == [62.0, 61.0, 60.0, 59.0, 58.0, 57.0, 56.0, 55.0, 54.0, 53.0]


@pytest.mark.parametrize("feather", [1, 40])
def test_statistics_do_not_leak(slim: Encoder, feather: int) -> None:
    """Noise in the other region (each is at least 200 px wide) moves a region's moments by under 1 % at every tap."""
    generator = torch.Generator().manual_seed(6)
    picture = torch.nn.functional.interpolate(torch.rand(1, 3, 32, 32, generator=generator), (512, 512), mode="bicubic")
    regions = Regions(halves(512, 512, feather), (0, 1), torch.ones(512, 512))
    outside = regions.shares[0] == 0
    assert int((~outside)[0].sum()) >= 200 and int(outside[0].sum()) >= 200
    noisy = torch.where(outside, torch.rand(picture.shape, generator=generator), picture.clamp(0, 1))
    region = guidance(regions)[0]
    with torch.no_grad():
        before, after = slim(region.view(picture.clamp(0, 1)), TAPS), slim(region.view(noisy), TAPS)
    for tap in TAPS:
        weight = torch.nn.functional.interpolate(region.weight[None, None], before[tap].shape[-2:], mode="area")[0, 0]
        a, b = moments(before[tap][0], weight), moments(after[tap][0], weight)
        assert float((a - b).norm() / a.norm()) < 0.01, tap


def test_gradients_do_not_leak(slim: Encoder) -> None:
    regions = Regions(halves(128, 256, 1), (0, 1), torch.ones(128, 256))
    picture = torch.rand(1, 3, 128, 256, requires_grad=True)
    region = guidance(regions)[0]
    maps = slim(region.view(picture), TAPS)
    (grad,) = torch.autograd.grad(sum((m.square().mean() for m in maps.values()), torch.zeros(())), picture)
    assert not grad[..., 128:].any() and grad[..., :128].abs().sum() > 0
