"""Colours by their whole distribution: few paints become of gradations, smoothly, and flat pictures stay flat."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage.data import astronaut
from torch import Tensor

from scumble.methods.colors import Palette, RegionColors, toned
from scumble.methods.colortable import AMOUNT, USUAL, ColorTable, Vividness, samples, transferred
from scumble.methods.fast.colors import StyleColors
from scumble.methods.pixels import luma
from scumble.methods.regions import Regions

PAINTS = torch.tensor([[0.1, 0.15, 0.5], [0.9, 0.8, 0.2]])


def photo(side: int = 128) -> Tensor:
    step = 512 // side
    return torch.from_numpy(np.ascontiguousarray(astronaut()[::step, ::step])).permute(2, 0, 1)[None] / 255


def two_paints(side: int = 64) -> Tensor:
    """Two paints, checkered."""
    where = (torch.arange(side)[:, None] // 8 + torch.arange(side) // 8) % 2
    return PAINTS[where].permute(2, 0, 1)[None]


def even(picture: Tensor) -> Tensor:
    return torch.ones(picture.shape[-2:])


def off(colors: Tensor, paints: Tensor = PAINTS) -> float:
    """How far colours N×3 are from the nearest of some paints, in the mean."""
    return float(torch.cdist(colors, paints).amin(1).mean())


def test_samples_reach_the_other_distribution() -> None:
    own, wanted = samples(photo(), even(photo())), samples(two_paints(), even(two_paints()))
    moved = transferred(own, wanted)
    assert off(moved) < 0.35 * off(own) and float((moved.mean(0) - wanted.mean(0)).abs().max()) < 0.02
    assert torch.equal(moved, transferred(own, wanted))


def test_samples_are_drawn_where_weight_is() -> None:
    picture, weight = photo(), torch.zeros(128, 128)
    picture[..., 40:, :] = 0.5
    weight[50, 60] = 1e-3
    assert torch.equal(samples(picture, weight, 10), torch.full((10, 3), 0.5))


def test_a_table_between_equals_changes_nothing() -> None:
    own = samples(photo(), even(photo()))
    out = ColorTable.between(own, own)(photo())
    assert float((out - photo()).abs().max()) < 1e-5


def test_few_paints_become_of_gradations_where_a_linear_map_keeps_them() -> None:
    content, wanted = photo(), StyleColors.of(two_paints(), even(two_paints()))
    assert wanted.sample is not None
    both = toned(content, even(content), wanted.palette, [wanted.sample], vivid=[Vividness(1, 1)])
    linear, table = (m(content)[0].flatten(1).t() for m in (both.linear, both))
    assert off(table) < (1 - AMOUNT / 3) * off(linear)


def test_gradations_stay_smooth() -> None:
    """A ramp of gray into two paints: neighbours stay neighbours."""
    ramp = torch.linspace(0, 1, 256)[None, None, None].expand(1, 3, 64, 256).contiguous()
    out = StyleColors.of(two_paints(), even(two_paints())).laid_on(ramp)
    steps = (out[..., 1:] - out[..., :-1]).norm(dim=1)
    assert float(steps.max()) < USUAL.chroma * 4 * float((PAINTS[0] - PAINTS[1]).norm()) / 255 * 2


def test_paint_is_more_vivid_than_a_photograph_in_its_colours() -> None:
    """Colours stand further apart than in the linear map's, in chroma more than in light, and grays stay gray."""
    content, wanted = photo(), StyleColors.of(photo(), even(photo()))
    assert wanted.sample is not None
    vivid = toned(content, even(content), wanted.palette, [wanted.sample])(content)
    light = luma(vivid).std() / luma(content).std()
    chroma = (vivid - luma(vivid)).std() / (content - luma(content)).std()
    assert 1.0 < float(light) < float(chroma) < 1.1 * USUAL.chroma
    gray = StyleColors.of(luma(photo()).expand(1, 3, -1, -1), even(photo())).laid_on(content)
    assert float((gray - luma(gray)).abs().max()) < 0.02


def test_styles_that_share_a_place_are_as_vivid_as_their_shares_say() -> None:
    content, wanted = photo(), StyleColors.of(photo(), even(photo()))
    regions = Regions(torch.stack([0.75 * even(content), 0.25 * even(content)]), (0, 0), even(content))
    both = [wanted.palette] * 2, [wanted.sample] * 2

    def chroma(*vivid: Vividness) -> float:
        out = RegionColors.of(content, regions, *both, vivid).apply(content, regions.of_region())
        return float((out - luma(out)).std())

    mixed, between = chroma(Vividness(1, 1), Vividness(1, 1.4)), chroma(Vividness(1, 1.1), Vividness(1, 1.1))
    assert mixed == pytest.approx(between, rel=1e-3) and chroma(Vividness(1, 1), Vividness(1, 1)) < mixed


@pytest.mark.parametrize("value", [0.02, 0.5, 0.98])
def test_one_colour_alone_is_not_stretched_to_a_palette(value: float) -> None:
    grain = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(1)) * 0.01
    out = StyleColors.of(two_paints(), even(two_paints())).laid_on((value + grain).clamp(0, 1))
    assert float(out[0].flatten(1).std(1).max()) < 0.08


def test_regions_have_tables_of_their_own_and_edges_are_the_linear_ones() -> None:
    content, wanted = photo(), StyleColors.of(two_paints(), even(two_paints()))
    shares = torch.zeros(2, 128, 128)
    shares[0, :, :64] = shares[1, :, 64:] = 1
    regions = Regions(shares, (0, 1), torch.ones(128, 128))
    gray = Palette(torch.full((3,), 0.5, dtype=torch.float64), 0.03 * torch.ones(3, 3, dtype=torch.float64))
    colors = RegionColors.of(content, regions, [wanted.palette, gray], [wanted.sample, None])
    out, plain = (c.apply(content, regions.of_region()) for c in (colors, colors.linear()))
    assert torch.equal(out[..., 64:], plain[..., 64:]) and not torch.equal(out[..., :64], plain[..., :64])
    assert float((out[..., 64:] - out[..., 64:].mean(1, keepdim=True)).abs().max()) < 0.25
