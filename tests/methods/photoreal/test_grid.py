"""Colours that move as affine maps: what they find, and what they leave alone."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from scumble.methods.photoreal.grid import CELLS, LEAST, LIGHTS, MOST, Grid
from scumble.methods.pixels import LUMA, luma


def photo(height: int = 96, width: int = 128) -> Tensor:
    """Soft colours with grain."""
    generator = torch.Generator().manual_seed(4)
    small = torch.rand(1, 3, 6, 8, generator=generator)
    soft = torch.nn.functional.interpolate(small, (height, width), mode="bicubic", align_corners=True)
    return (0.2 + 0.6 * soft + 0.05 * torch.randn(1, 3, height, width, generator=generator)).clamp(0, 1)


def fitted(own: Tensor, painted: Tensor) -> Grid:
    return Grid.fitted(own, painted, torch.ones(own.shape[-2:]))


def test_what_is_affine_is_found() -> None:
    own = photo()
    change = torch.tensor([[0.5, 0.2, 0.1], [0.1, 0.6, 0.1], [0.0, 0.1, 0.7]])
    painted = torch.einsum("ij,bjhw->bihw", change, own) + torch.tensor([0.1, 0.05, 0.0]).view(1, 3, 1, 1)
    grid = fitted(own, painted)
    assert grid.maps.shape == (12, LIGHTS, 9, CELLS)
    assert (grid.rows(own, 0, 96) - painted).abs().max() < 0.02


def test_a_copy_stays_a_copy() -> None:
    own = photo()
    assert (fitted(own, own).rows(own, 0, 96) - own).abs().max() < 1e-4


def test_colours_move_and_strokes_do_not() -> None:
    own = photo()
    generator = torch.Generator().manual_seed(1)
    strokes = 0.2 * torch.randn(1, 3, 48, 64, generator=generator).repeat_interleave(2, 2).repeat_interleave(2, 3)
    blue = own * torch.tensor([0.6, 0.7, 1.0]).view(1, 3, 1, 1)
    seen = fitted(own, blue + strokes).rows(own, 0, 96)
    assert (seen - blue).abs().mean() < 0.03 < (strokes.abs().mean() / 3)


def test_each_place_has_its_own_colours() -> None:
    own = photo()
    painted = own.clone()
    painted[:, 0, :, :64] *= 0.5
    seen = fitted(own, painted).rows(own, 0, 96)
    assert (seen - painted)[..., :48].abs().mean() < 0.03 and (seen - own)[..., 80:].abs().mean() < 0.03


def test_an_edge_has_no_halo() -> None:
    own = torch.full((1, 3, 96, 128), 0.85)
    own[..., 60:] = 0.15
    painted = torch.full_like(own, 0.3)
    painted[:, 2, :, :60] = 0.9
    seen = fitted(own, painted).rows(own, 0, 96)
    for side in (seen[..., :60], seen[..., 60:]):
        assert (side.amax((2, 3)) - side.amin((2, 3))).max() < 0.06
    assert (seen - painted).abs().mean() < 0.04


@pytest.mark.parametrize("rises", [-1.0, 0.0, 6.0])
def test_light_is_never_turned_round_flattened_or_torn(rises: float) -> None:
    own = photo()
    own = luma(own).expand_as(own)
    painted = 0.5 + rises * (own - 0.5)
    grid = fitted(own, painted)
    slopes = grid.maps.view(3, 4, *grid.maps.shape[1:])[:, :3]
    gain = torch.einsum("c,cilhw->lhw", slopes.new_tensor(LUMA), slopes)
    assert (gain > LEAST - 1e-4).all()
    assert torch.linalg.matrix_norm(slopes.permute(2, 3, 4, 0, 1), 2).max() < MOST + LEAST


def test_what_has_no_weight_has_no_influence() -> None:
    own, weight = photo(), torch.ones(96, 128)
    weight[:, 70:] = 0
    painted = own * 0.7
    other, elsewhere = painted.clone(), own.clone()
    other[..., 70:], elsewhere[..., 70:] = 1.0, 0.0
    first, second = Grid.fitted(own, painted, weight), Grid.fitted(elsewhere, other, weight)
    assert torch.allclose(first.maps, second.maps, atol=1e-5)


def test_rows_are_the_same_in_any_strips_and_at_any_size() -> None:
    own = photo()
    grid = fitted(own, own.flip(1))
    whole = grid.rows(own, 0, 96)
    parts = torch.cat([grid.rows(own[..., a:b, :], a, 96) for a, b in ((0, 7), (7, 50), (50, 96))], 2)
    assert torch.allclose(whole, parts, atol=1e-5)
    large = own.repeat_interleave(3, 2).repeat_interleave(3, 3)
    again = grid.rows(large, 0, 288)[..., 1::3, 1::3]
    assert (again - whole).abs().max() < 1e-4


def test_a_grid_that_tiles_goes_on_beyond_its_ends() -> None:
    own = photo()
    painted = own.clone()
    painted[:, 0, :, :64] *= 0.4
    turned, weight = (t.roll(40, -1) for t in (own, painted)), torch.ones(96, 128)
    plain = Grid.fitted(own, painted, weight, (True, True)).rows(own, 0, 96)
    rolled = Grid.fitted(*turned, weight, (True, True)).rows(own.roll(40, -1), 0, 96)
    assert (plain.roll(40, -1) - rolled).abs().mean() < 0.02
    flat = torch.full_like(own, 0.5)
    around = Grid.fitted(own, painted, weight, (True, True)).rows(flat, 0, 96)
    steps = (around.roll(-1, -1) - around).abs().mean((0, 1, 2))
    assert steps[-1] <= steps[:-1].max() + 1e-4


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 2), (7, 5)])
def test_any_size(size: tuple[int, int]) -> None:
    own = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(0))
    for around in ((False, False), (True, True)):
        seen = Grid.fitted(own, own * 0.5, torch.ones(size), around).rows(own, 0, size[0])
        assert seen.shape == own.shape and torch.isfinite(seen).all()
