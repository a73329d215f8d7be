"""Small things done to pixels."""

from __future__ import annotations

import torch

from scumble.methods.pixels import without_specks


def test_single_pixels_that_stand_out_are_gone_and_all_else_stays() -> None:
    calm = torch.full((1, 3, 12, 14), 0.5)
    specks = calm.clone()
    specks[0, :, 4, 5], specks[0, 1, 8, 9] = 0.0, 1.0
    assert torch.equal(without_specks(specks), calm)
    lines = calm.clone()
    lines[..., 4, :] = 0.0  # a line, a slanted one, the smallest stroke, an edge
    lines[0, :, range(6, 11), range(3, 8)] = 1.0
    lines[0, :, 7, 11:13] = 0.9
    lines[..., :2] = 0.1
    kept, inner = without_specks(lines), (slice(None), slice(None), slice(7, 10), slice(2, -1))
    assert torch.equal(kept[..., 4, :], lines[..., 4, :]) and torch.equal(kept[inner], lines[inner])


def test_what_is_too_small_to_have_neighbours_is_left_alone() -> None:
    tiny = torch.rand(1, 3, 2, 9)
    assert torch.equal(without_specks(tiny), tiny)
