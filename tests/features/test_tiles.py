"""Features in tiles: the whole picture's maps and gradient, whatever its size, and whatever a loss makes of them."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from scumble.features import tiles
from scumble.features.encoder import Encoder, Padding
from scumble.losses import GramLoss, Guided, TotalLoss, View
from scumble.losses.base import UNITS
from scumble.losses.content import ContentLoss
from scumble.losses.moments import moments

TAPS = ["conv1_1", "conv3_1", "conv4_2", "conv5_1"]


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small that a halo reaches over several."""
    monkeypatch.setattr(tiles, "SIDE", 48)


def network(padding: Padding) -> Encoder:
    torch.manual_seed(1)
    return Encoder("random", (2, 2, 4, 4, 4), (8, 8, 12, 12, 12), "conv5_1", padding).requires_grad_(False)


def seen(net: Encoder, x: Tensor, saving: str) -> tuple[dict[str, Tensor], Tensor]:
    """The maps, and the gradient of something that every feature has a part in."""
    net.saving = saving  # type: ignore[assignment]
    x = x.clone().requires_grad_(True)
    maps = net(x, TAPS)
    torch.manual_seed(2)
    total = sum((m * torch.randn_like(m)).sum() for m in maps.values())
    (gradient,) = torch.autograd.grad(total, x)
    return maps, gradient


@pytest.mark.parametrize("padding", ["zeros", "reflect"])
@pytest.mark.parametrize("size", [(96, 160), (101, 203), (97, 64), (300, 37)])
def test_maps_and_gradients_are_those_of_the_whole(padding: Padding, size: tuple[int, int]) -> None:
    net, x = network(padding), torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(3))
    (whole, slope), (found, tiled) = (seen(net, x, how) for how in ("off", "tiles"))
    assert len(tiles.tiles(*size, net.names)) > 1
    for tap in TAPS:
        assert found[tap].shape == whole[tap].shape
        torch.testing.assert_close(found[tap], whole[tap], rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(tiled, slope, rtol=1e-4, atol=1e-5 * float(slope.abs().max()))


def test_a_halo_that_were_smaller_would_be_seen() -> None:
    def less(span: tiles.Span) -> tiles.Span:
        return span._replace(begin=max(span.begin, span.first - 16), end=min(span.end, span.last + 16))

    net, x = network("reflect"), torch.rand(1, 3, 144, 192)
    whole, _ = seen(net, x, "off")
    places = tiles.tiles(144, 192, net.names)
    for halo, apart in ((places, False), ([tiles.Tile(less(t.rows), less(t.columns)) for t in places], True)):
        found, wanted = tiles.in_tiles(net, x, TAPS, halo)["conv5_1"], whole["conv5_1"].detach()
        assert (float((found - wanted).abs().max()) > 1e-4 * float(wanted.std())) == apart


def test_losses_under_a_soft_mask_on_a_region_of_its_own() -> None:
    net, x = network("reflect"), torch.rand(1, 3, 160, 176)
    down, across = torch.meshgrid(torch.linspace(0, 1, 160), torch.linspace(0, 1, 176), indexing="ij")
    with torch.no_grad():
        maps = {t: m[0] for t, m in net(torch.rand(1, 3, 160, 176), TAPS).items()}
    losses = []
    for tap in TAPS:
        weight = torch.nn.functional.interpolate((down * across)[None, None], size=maps[tap].shape[-2:], mode="area")[
            0, 0
        ]
        losses += [
            (1.0, GramLoss.of(tap, moments(maps[tap], weight), weight, None, UNITS["relative"])),
            (0.5, ContentLoss.of(tap, maps[tap], weight, None, UNITS["relative"])),
        ]
    loss = TotalLoss(net, [Guided(View(0, 0, 160, 176), 1.0, losses)])
    net.saving = "off"
    value, gradient = loss(x)
    net.saving = "tiles"
    tiled, found = loss(x)
    assert abs(tiled - value) < 1e-5 * value
    assert float((found - gradient).norm() / gradient.norm()) < 1e-5


def test_of_a_picture_that_needs_no_gradient_and_of_taps_that_nobody_asks_the_gradient_of() -> None:
    net, x = network("zeros"), torch.rand(1, 3, 100, 120)
    net.saving = "tiles"
    with torch.no_grad():
        assert not net(x, ["conv2_1"])["conv2_1"].requires_grad
    x.requires_grad_(True)
    maps = net(x, TAPS)
    (some,) = torch.autograd.grad(maps["conv3_1"].sum(), x)
    net.saving = "off"
    (other,) = torch.autograd.grad(net(x, ["conv3_1"])["conv3_1"].sum(), x)
    torch.testing.assert_close(some, other, rtol=1e-4, atol=1e-5)
