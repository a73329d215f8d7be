"""How strong a picture's fine waves are: what a mesh is seen by."""

from __future__ import annotations

import torch
from torch import Tensor

from scumble.training.fast.spectrum import WINDOW, powers, powers_of


def grain(seed: int, side: int = 160) -> Tensor:
    return 0.5 + 0.1 * torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(seed))


def mesh(side: int = 160, period: float = 5.3) -> Tensor:
    """A slanted mesh, 1×1×H×W, whose period is no multiple of a network's stride."""
    y, x = torch.meshgrid(torch.arange(side).float(), torch.arange(side).float(), indexing="ij")
    return (0.1 * torch.sin((x + y) * 2 * torch.pi / period))[None, None]


def test_a_mesh_stands_out_and_grain_of_its_energy_does_not() -> None:
    first, second = powers(grain(0)), powers(grain(1))
    woven = powers(grain(0) * 0.5 + mesh() + 0.25)
    alike, apart = (first - second).square().mean(), (first - woven).square().mean()
    assert float(alike) < 0.4 < 4 * float(alike) < float(apart)
    assert float((woven - first)[0, 0].max()) > 2, "in light, where it lies"


def test_what_is_broad_does_not_count() -> None:
    ramp = torch.linspace(0, 0.5, 160).expand(1, 3, 160, 160)
    assert float((powers(grain(0)) - powers(grain(0) + ramp)).abs().mean()) < 0.01


def test_crops_smaller_than_a_window_have_powers() -> None:
    small = powers(grain(0)[..., : WINDOW // 2, : WINDOW - 5])
    assert small.shape == powers(grain(0)).shape and bool(small.isfinite().all())


def test_a_painting_counts_as_it_hangs_and_turned() -> None:
    picture = grain(0) + mesh()
    turned = picture.rot90(1, (2, 3))
    both = powers_of([picture, turned])
    assert torch.allclose(both, (powers(picture)[0] + powers(turned)[0]) / 2)


def test_stronger_grain_can_be_learned_down() -> None:
    """Its derivative leads there."""
    wanted, x = powers(grain(0)), (grain(1) * 3).requires_grad_(True)
    before = (powers(x) - wanted).square().mean()
    before.backward()
    assert x.grad is not None
    after = (powers(x.detach() - 30 * x.grad) - wanted).square().mean()
    assert float(after) < float(before.detach())
