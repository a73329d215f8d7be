"""Paint is enlarged as paint: crisp across its strokes, smooth along them, and the same in whatever bands."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from scumble.networks.bicubic import enlarged_rows
from scumble.networks.coherent import Coherent


def strokes(height: int, width: int) -> Tensor:
    """Slanted strokes of two colours, as sharp as their pixels allow, 1×3×H×W."""
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    wave = torch.sigmoid(8 * torch.sin((2 * x + y) / 5))
    return torch.stack([0.2 + 0.6 * wave, 0.7 - 0.3 * wave, 0.4 + 0.1 * wave])[None]


def steepest(picture: Tensor) -> float:
    """The largest change from a pixel to the next, away from the rim."""
    inner = picture[..., 32:-32, 32:-32]
    return float(inner.diff(dim=-1).abs().max())


@pytest.mark.parametrize("factor", [2, 4])
def test_strokes_get_crisp_edges_and_no_rims(factor: int) -> None:
    small = strokes(48, 64)
    size = (48 * factor, 64 * factor)
    crisp, plain = Coherent(small, size).rows(0, size[0]), enlarged_rows(small, size, 0, size[0])
    assert steepest(crisp) > 1.8 * steepest(plain)
    assert crisp.min() >= plain.min() - 1e-4 and crisp.max() <= plain.max() + 1e-4
    assert (crisp - plain).abs().mean() < 0.03, "the same strokes at the same places"


def test_what_is_ragged_along_a_stroke_is_smoothed() -> None:
    small = strokes(48, 64)
    ragged = small + 0.08 * torch.randn(small.shape, generator=torch.Generator().manual_seed(1))
    size = (192, 256)
    wanted, plain = enlarged_rows(small, size, 0, 192), enlarged_rows(ragged, size, 0, 192)
    smooth = Coherent(ragged, size)
    found = smooth.rows(0, 192)
    assert (found - wanted).abs().mean() < 0.9 * (plain - wanted).abs().mean()


def test_in_bands_it_is_the_same() -> None:
    way = Coherent(strokes(40, 50), (121, 149))
    whole = way.rows(0, 121)
    bands = torch.cat([way.rows(top, min(121, top + 17)) for top in range(0, 121, 17)], 2)
    assert torch.allclose(whole, bands, atol=1e-4)


def test_what_is_not_enlarged_is_left_alone() -> None:
    small = strokes(40, 50)
    assert torch.allclose(Coherent(small, (40, 50)).rows(0, 40), small, atol=1e-5)


def test_what_is_flat_stays_flat() -> None:
    assert torch.allclose(
        Coherent(torch.full((1, 3, 20, 30), 0.3), (70, 105)).rows(0, 70), torch.tensor(0.3), atol=1e-5
    )
