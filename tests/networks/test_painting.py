"""Painting scenes: bands, masks, texture, and what must stay as it was, with a network of random weights."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from scumble.networks.coherent import Coherent
from scumble.networks.enlarge import FAINT, Enlarged
from scumble.networks.mixed import Octaves
from scumble.networks.painting import paint
from scumble.networks.patches import in_patches
from scumble.networks.scene import RIM, Scene
from scumble.networks.transform import REACH, Codes, TransformNet, noise, soft
from scumble.wire.protocol.errors import ScumbleError


@pytest.fixture(scope="module")
def net() -> TransformNet:
    torch.manual_seed(3)
    net = TransformNet((6, 8, 12), 2).eval().requires_grad_(False)
    net.out.weight.mul_(20)
    return net


def content(height: int, width: int) -> Tensor:
    y, x = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    waves = torch.stack([(9 * x).sin(), (7 * y + 3 * x).cos(), (40 * x * y).sin()])[None]
    return (waves + 1) / 2


def ramp(height: int, width: int, count: int) -> Tensor:
    """Soft shares of `count` styles from left to right."""
    at = torch.linspace(0, max(1, count - 1), width).expand(height, width)
    return torch.stack([(1 - (at - k).abs()).clamp_min(0) for k in range(count)])


def codes_of(net: TransformNet, count: int) -> Tensor:
    return torch.randn(count, net.code_size, generator=torch.Generator().manual_seed(1)) * 0.3


def scene(net: TransformNet, size: tuple[int, int], count: int = 2) -> Scene:
    styles = [net.kernels(code) for code in codes_of(net, count)]
    return Scene(content(*size), styles, ramp(*size, count) if count > 1 else torch.ones(1, *size))


def go(net: TransformNet, at: Scene, band: int = 0) -> Tensor:
    return paint(net, at, lambda number, of: None, band)


@pytest.mark.parametrize("size", [(300, 64), (401, 83), (67, 330), (5, 3)])
@pytest.mark.parametrize("count", [1, 3])
def test_bands_change_nothing(net: TransformNet, size: tuple[int, int], count: int) -> None:
    at = scene(net, size, count)
    whole = go(net, at)
    assert whole.shape == at.content.shape
    for band in (1, 9000):
        assert (go(net, at, band) - whole).abs().max() < 1e-5


@pytest.mark.parametrize("count", [1, 2])
def test_it_is_the_network_that_training_runs(net: TransformNet, count: int) -> None:
    """A code is made part of the kernels; of several styles the outputs are blended per pixel."""
    at = scene(net, (64, 96), count)
    if count == 2:
        at = replace(at, shares=torch.stack([torch.ones(64, 96), torch.zeros(64, 96)]))
        at.shares[:, :, -1] = at.shares[:, :, -1].flip(0)  # not even, but for one column
    framed = at.framed()
    grain = noise(1, 96, 128, torch.Generator().manual_seed(0))
    trained = net(framed.content, grain, Codes(net, codes_of(net, count)[:1]))[..., RIM:-RIM, RIM:-RIM].clamp(0, 1)
    painted = go(net, at)
    seen = 96 if count == 1 else 96 - REACH
    assert torch.allclose(painted[..., :seen], trained[..., :seen], atol=1e-4)


def test_a_pixel_depends_on_what_is_near_it_alone(net: TransformNet) -> None:
    at = scene(net, (64, 256), 1)
    other = at.content.clone()
    other[..., 200:] = 1 - other[..., 200:]
    here, there = go(net, at), go(net, replace(at, content=other))
    assert torch.equal(here[..., : 200 - REACH], there[..., : 200 - REACH])
    assert (here - there)[..., 200:].abs().mean() > 0.1


def test_a_mixture_everywhere_is_one_style(net: TransformNet) -> None:
    at = scene(net, (64, 64))
    even = replace(at, shares=torch.full((2, 64, 64), 0.5))
    between = replace(at, styles=[net.kernels(codes_of(net, 2).mean(0))], shares=torch.ones(1, 64, 64))
    assert torch.allclose(go(net, even), go(net, between), atol=1e-5)


def test_texture_is_the_noise_and_the_seed_is_its_own(net: TransformNet) -> None:
    at = scene(net, (64, 64), 1)
    calm, usual, rough = (go(net, replace(at, texture=t)) for t in (0.0, 1.0, 2.0))
    assert 0 < (usual - calm).abs().mean() < (rough - calm).abs().mean()
    assert torch.equal(go(net, at), usual) and not torch.equal(go(net, replace(at, seed=1)), usual)


def test_noise_has_no_rare_peaks() -> None:
    """Of them the network makes marks that repeat."""
    z = noise(1, 512, 512, torch.Generator().manual_seed(0))
    assert float(z.abs().max()) < 3**0.5 and abs(float(z[:, 0].std()) - 1) < 0.02


def test_flat_areas_keep_their_lightness(net: TransformNet) -> None:
    """The network adds strokes to the content's own soft colours."""
    flat = torch.full((1, 3, 64, 64), 0.25)
    assert torch.allclose(soft(flat), flat, atol=1e-6)


def test_a_style_changes_neither_broad_light_nor_broad_colours(net: TransformNet) -> None:
    with torch.no_grad():
        for conv in net.convs:
            conv.weight.zero_()
        net.out.bias.copy_(torch.tensor([0.5, -0.3, 0.2]))  # all that it answers: another colour everywhere
    at = scene(net, (64, 96), 1)
    painted, broad = (t[..., 24:-24, 24:-24] for t in (go(net, at), soft(at.content)))  # the rim sees what is beside it
    assert torch.allclose(painted, broad.clamp(0, 1), atol=0.01)


def test_it_can_be_cancelled_between_bands(net: TransformNet) -> None:
    seen: list[tuple[int, int]] = []

    def check(number: int, of: int) -> None:
        seen.append((number, of))
        if number == 2:
            raise ScumbleError("cancelled")

    with pytest.raises(ScumbleError, match="cancelled"):
        paint(net, scene(net, (96, 64)), check, band=1)
    assert seen == [(0, 8), (1, 8), (2, 8)]


def test_octaves_are_averages() -> None:
    maps = torch.rand(2, 32, 48)
    assert torch.allclose(Octaves(maps)(6), maps.reshape(2, 4, 8, 6, 8).mean((2, 4)), atol=1e-6)


def test_enlarged_in_bands_it_is_the_same() -> None:
    small, full = content(40, 30), content(133, 101)
    enlarged = Enlarged(1 - small, small, (133, 101))
    whole = enlarged.rows(0, 133, full)
    parts = [enlarged.rows(top, min(133, top + 20), full[..., top : top + 20, :]) for top in range(0, 133, 20)]
    assert torch.allclose(torch.cat(parts, 2), whole, atol=1e-4)


def test_enlarged_edges_are_the_contents_where_the_painting_follows_it() -> None:
    """A step that the small picture blurs is a step again; where the painting goes its own way nothing is added."""
    full = torch.zeros(1, 3, 64, 256)
    full[..., 130:] = 1
    small = torch.nn.functional.interpolate(full, (16, 64), mode="bicubic", antialias=True).clamp(0, 1)
    crisp = Enlarged(0.2 + 0.6 * small, small, (64, 256)).rows(0, 64, full)
    blurred = torch.nn.functional.interpolate(0.2 + 0.6 * small, (64, 256), mode="bicubic")
    step, before = (t[0, 0, 32, 126:134].diff().abs().max() for t in (crisp, blurred))
    assert step > 1.5 * before
    against = Enlarged(1 - small, small, (64, 256)).rows(0, 64, full)
    alone = Coherent(1 - small, (64, 256)).rows(0, 64).clamp(0, 1)
    assert torch.allclose(against, alone, atol=1e-4)


def test_patches_are_even_and_their_edges_stay() -> None:
    torch.manual_seed(0)
    step = torch.zeros(1, 3, 40, 60)
    step[..., 30:] = 1
    noisy = step * 0.6 + 0.2 + torch.rand(1, 3, 40, 60) * 0.1
    filtered = in_patches(noisy, 4)
    assert filtered[..., :26].std() < 0.4 * noisy[..., :26].std()
    assert float((filtered[..., 31] - filtered[..., 28]).mean()) > 0.5
    low = noisy[..., :3, :]
    assert in_patches(noisy, 0) is noisy and in_patches(low, 4) is low


def test_patches_are_the_same_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = content(70, 50)
    whole = in_patches(picture, 3)
    monkeypatch.setattr("scumble.networks.patches.ROWS", 600)
    assert torch.equal(in_patches(picture, 3), whole)


def test_faint_detail_is_left_out() -> None:
    small, grain = torch.full((1, 3, 16, 16), 0.5), (torch.rand(1, 3, 64, 64) - 0.5) * 2 * FAINT
    assert torch.allclose(Enlarged(small, small, (64, 64)).rows(0, 64, 0.5 + grain), torch.full_like(grain, 0.5))
