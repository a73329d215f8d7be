"""The parts of the objective “neighbours”, each against its definition."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from skimage.data import astronaut, chelsea
from torch import Tensor

from scumble.features.registry import load_encoder
from scumble.losses.columns import GRID, TAPS, columns_of
from scumble.methods.colors import Palette, mixture, recolored
from scumble.methods.optimize.neighbours.adam import BETAS, Adam
from scumble.methods.optimize.neighbours.columns import mean_cosine
from scumble.methods.optimize.neighbours.matching import Neighbours, gains_of, sampled
from scumble.methods.optimize.neighbours.similarity import SelfSimilarity
from scumble.methods.optimize.pyramid import laplacian, synthesise
from scumble.methods.pixels import blurred, luma, soft_colors
from scumble.methods.texture.flatness import flatness
from scumble.methods.texture.motifs import rarity
from scumble.methods.texture.views import Paint, windows_of


def photo(pixels: np.ndarray, side: int) -> Tensor:
    x = torch.from_numpy(pixels.copy()).float().permute(2, 0, 1)[None] / 255
    factor = side / max(x.shape[-2:])
    return F.interpolate(x, size=[round(n * factor / 8) * 8 for n in x.shape[-2:]], mode="area")


def paint(pixels: Tensor, side: float) -> Paint:
    return Paint(pixels, torch.ones_like(pixels[:, :1]), side)


@pytest.mark.parametrize("size", [(64, 96), (37, 91), (24, 24), (8, 200)])
def test_a_pyramid_gives_the_picture_back(size: tuple[int, int]) -> None:
    picture = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(synthesise(laplacian(picture)), picture, atol=1e-5)


def test_adam_is_that_of_torch() -> None:
    start = torch.rand(2, 5, generator=torch.Generator().manual_seed(0))
    ours, theirs = (start.clone().requires_grad_(True) for _ in range(2))
    adam, known = Adam([ours]), torch.optim.Adam([theirs], betas=BETAS)
    for step in range(12):
        rate = 0.1 / (1 + step)
        known.param_groups[0]["lr"] = rate
        known.zero_grad()
        for t in (ours, theirs):
            (t.sin() * t).sum().backward()
        adam.step(rate)
        known.step()
    assert torch.allclose(ours, theirs, atol=1e-6) and ours.grad is None


def test_recoloring_gives_the_palette() -> None:
    content, style = photo(chelsea(), 96), photo(astronaut(), 96)
    ones = [torch.ones(t.shape[-2:]) for t in (content, style)]
    own, wanted = Palette.of(content, ones[0]), Palette.of(style * 0.5 + 0.25, ones[1])  # so that nothing is clipped
    got = Palette.of(recolored(content, own, wanted), ones[0])
    assert torch.allclose(got.mean, wanted.mean, atol=0.01)
    assert float((got.covariance - wanted.covariance).norm() / wanted.covariance.norm()) < 0.15


def test_recoloring_does_not_stretch_noise_to_a_palette() -> None:
    noise = 0.5 + 0.004 * torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    style = photo(astronaut(), 96)
    out = recolored(noise, Palette.of(noise, torch.ones(64, 64)), Palette.of(style, torch.ones(style.shape[-2:])))
    assert float(out.std((2, 3)).max()) < 0.06


def test_the_mixture_of_equal_palettes_is_that_palette_and_shares_count() -> None:
    a = Palette.of(photo(chelsea(), 64), torch.ones(*photo(chelsea(), 64).shape[-2:]))
    b = Palette(a.mean + 0.2, a.covariance * 4)
    same = mixture([a, a], [0.3, 0.7])
    assert torch.allclose(same.mean, a.mean) and torch.allclose(same.covariance, a.covariance, atol=1e-6)
    middle = mixture([a, b], [0.5, 0.5])  # of Gaussians of one shape: standard deviations are averaged
    assert torch.allclose(middle.covariance, a.covariance * 1.5**2, rtol=1e-3)
    assert torch.allclose(mixture([a, b], [0.75, 0.25]).mean, a.mean + 0.05)


def test_columns_lie_on_the_grid_and_their_derivative_is_right() -> None:
    encoder = load_encoder("slim")
    picture = photo(chelsea(), 48).double().float().requires_grad_(True)
    parts = columns_of(encoder, picture, TAPS)
    places = picture.shape[-2] // GRID * (picture.shape[-1] // GRID)
    assert [len(p) for p in parts] == [places] * len(TAPS)
    generator = torch.Generator().manual_seed(3)
    target = [torch.randn(p.shape, generator=generator) for p in parts]
    length = torch.cat(target, 1).norm(dim=1, keepdim=True)
    target = [t / length for t in target]
    weight = torch.rand(places, generator=generator)
    mean, gains = [p.detach().mean(0, keepdim=True) * 0.5 for p in parts], [0.5 + 0.1 * i for i in range(len(parts))]
    (got,) = torch.autograd.grad(mean_cosine(weight, target, mean, gains, parts), picture, retain_graph=True)
    centred = torch.cat([q * g - m for q, m, g in zip(parts, mean, gains, strict=True)], 1)
    plain = (F.cosine_similarity(centred, torch.cat(target, 1)) * weight).sum()
    (wanted,) = torch.autograd.grad(plain, picture)
    assert torch.allclose(got, wanted, atol=1e-6 + 1e-3 * float(wanted.abs().max()))


def test_a_column_finds_itself() -> None:
    parts = columns_of(load_encoder("slim"), photo(astronaut(), 128), TAPS)
    some = sampled(parts, 300, 0)
    found = Neighbours(some, gains_of(some)).nearest(some)
    assert float((found == torch.arange(300)).float().mean()) > 0.95


def test_self_similarity_is_blind_to_colour_and_sees_a_shuffled_scene() -> None:
    encoder, picture = load_encoder("slim"), photo(astronaut(), 128)
    same = SelfSimilarity(columns_of(encoder, picture, TAPS[5:]), 0)
    assert float(same(columns_of(encoder, picture, TAPS[5:]))) < 1e-4
    tinted = (picture * torch.tensor([0.9, 0.8, 0.6]).view(1, 3, 1, 1) + 0.05).clamp(0, 1)
    turned = picture.flip(3)
    distances = [float(SelfSimilarity(same.content, 0)(columns_of(encoder, t, TAPS[5:]))) for t in (tinted, turned)]
    assert distances[0] < 0.5 * distances[1]


def test_flat_is_where_nothing_is() -> None:
    picture = torch.full((1, 3, 96, 128), 0.6)
    picture[..., 64:] = torch.rand(1, 1, 96, 64, generator=torch.Generator().manual_seed(0))
    flat = flatness(picture)
    assert float(flat[..., :48].min()) > 0.95 and float(flat[..., 80:].max()) < 0.05


def test_what_occurs_once_is_a_motif() -> None:
    y, x = np.mgrid[:192, :192]
    waves = 0.5 + 0.25 * np.sin((x + 2 * y) / 4) + 0.03 * np.random.default_rng(0).normal(size=(192, 192))
    rgb = np.repeat(waves[..., None], 3, 2)
    rgb[70:118, 70:118] = photo(astronaut()[0:200, 130:330], 48)[0].permute(1, 2, 0).numpy()
    style = torch.from_numpy(rgb).float().permute(2, 0, 1)[None].clamp(0, 1)
    (window,) = windows_of(paint(style, 192.0), (0,), 192, 0)
    rare = rarity(window, load_encoder("slim"))
    rows, columns = rare.shape
    inside = rare[rows * 76 // 192 : rows * 112 // 192, columns * 76 // 192 : columns * 112 // 192]
    assert float(inside.mean()) > 0.6 and float(rare[: rows // 4].mean()) < 0.3
    assert rarity(window, load_encoder("slim")) is rare, "it is searched once"
    (other,) = windows_of(paint(1 - style, 192.0), (0,), 192, 0)
    assert not torch.equal(rarity(other, load_encoder("slim")), rare)


def test_soft_colours_keep_the_luma_and_lose_speckles() -> None:
    generator = torch.Generator().manual_seed(0)
    picture = photo(astronaut(), 96) * 0.6 + 0.2 + 0.05 * torch.randn(1, 3, 96, 96, generator=generator)
    soft = soft_colors(picture, 4.0)
    assert float((luma(soft) - luma(picture)).abs().mean()) < 2e-3
    speckles = [float((t - luma(t) - blurred(t - luma(t), 3)).std()) for t in (picture, soft)]
    assert speckles[1] < 0.4 * speckles[0]


@pytest.mark.parametrize(("side", "most"), [(64.0, 512), (500.0, 128), (3000.0, 256), (8.0, 64)])
def test_windows_are_bounded_and_oriented(side: float, most: int) -> None:
    style = photo(astronaut(), 160)[..., :120]
    views = [w.view(step=8) for w in windows_of(paint(style, side), range(8), most, 0)]
    assert len(views) == 8
    for view in views:
        assert max(view.pixels.shape[-2:]) <= max(most, 48) and min(view.pixels.shape[-2:]) >= 8
        assert all(n % 8 == 0 for n in view.pixels.shape[-2:]) and view.solid.shape == view.pixels.shape[-2:]
    if side == 64.0:  # the whole of it each time: quarter turns of one picture
        assert torch.equal(views[1].pixels, views[0].pixels.rot90(1, (2, 3)))
        assert torch.equal(views[4].pixels, views[0].pixels.flip(3))
