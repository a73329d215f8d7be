"""The rim that is thrown away."""

from __future__ import annotations

import torch

from scumble.methods.optimize.statistics.rim import Rim
from scumble.methods.optimize.statistics.scales import Scale
from scumble.methods.problem import Problem
from scumble.methods.regions import Regions


def test_extending_and_cutting_are_inverse() -> None:
    for shape in ((40, 60), (5, 3), (1, 1)):
        t, rim = torch.rand(1, 3, *shape), Rim.of(*shape)
        assert rim.extend(t).shape == (1, 3, shape[0] + 2 * rim.width, shape[1] + 2 * rim.width)
        assert torch.equal(rim.inner(rim.extend(t)), t)


def test_a_mask_grows_by_the_rim() -> None:
    mask = torch.zeros(50, 50, dtype=torch.bool)
    mask[25, 25] = True
    grown = Rim(8).widen(mask)
    assert int(grown.sum()) == 17 * 17 and bool(grown[17, 33]) and not bool(grown[16, 25])


def test_regions_may_see_a_rim_beyond_the_selection() -> None:
    visible = torch.zeros(64, 96)
    visible[20:40, 30:60] = 1
    problem = Problem(torch.rand(1, 3, 64, 96), Regions(torch.ones(1, 64, 96), (0,), visible), [], 96.0)
    at = Rim(8).around(problem, Scale(64, 96, 1.0, 1))
    assert at.content.shape == (1, 3, 80, 112) and float(at.regions.visible.sum()) == float(visible.sum())
    assert at.regions.around is not None and int(at.regions.around.sum()) == (20 + 16) * (30 + 16)
