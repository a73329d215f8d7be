"""Enlarging and convolving in one step; sampling by all threads."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from scumble.networks.doubling import Kernel, doubling, laid_out
from scumble.networks.sampling import sampled


@pytest.mark.parametrize("size", [(5, 7), (8, 8)])
def test_one_step_is_enlarging_and_then_convolving(size: tuple[int, int]) -> None:
    g = torch.Generator().manual_seed(0)
    maps, weight = torch.randn(2, 6, *size, generator=g), torch.randn(4, 6, 3, 3, generator=g)
    kernel = Kernel(weight, torch.randn(4, generator=g))
    large = F.interpolate(maps, scale_factor=2, mode="bilinear")
    wanted = F.conv2d(large, kernel.weight, kernel.bias, padding=1)
    found = laid_out(F.conv2d(maps, *doubling(kernel), padding=1))
    assert found.shape == wanted.shape
    inner = (..., slice(2, -2), slice(2, -2))  # at the border other things are seen
    assert torch.allclose(found[inner], wanted[inner], atol=1e-4)
    assert not torch.allclose(found, wanted, atol=1e-2)


@pytest.mark.parametrize("threads", [1, 2, 3, 5])
@pytest.mark.parametrize("align", [False, True])
def test_sampling_is_the_same_by_any_number_of_threads(threads: int, align: bool) -> None:
    g = torch.Generator().manual_seed(1)
    flat, volume = torch.rand(1, 3, 9, 11, generator=g), torch.rand(1, 3, 4, 5, 6, generator=g)
    across, through = 2.4 * torch.rand(1, 4, 7, 2, generator=g) - 1.2, 2 * torch.rand(1, 1, 8, 7, 3, generator=g) - 1
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        found = sampled(flat, across, align_corners=align), sampled(volume, through, align_corners=align)
    finally:
        torch.set_num_threads(before)
    wanted = F.grid_sample(flat, across, padding_mode="border", align_corners=align)
    assert torch.equal(found[0], wanted)
    assert torch.equal(found[1], F.grid_sample(volume, through, padding_mode="border", align_corners=align)[:, :, 0])
