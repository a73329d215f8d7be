"""Losses in the units of their papers, and the container that holds masks."""

from __future__ import annotations

import pytest
import torch

from scumble.features.encoder import VGG19_DEPTHS, Encoder, Head
from scumble.losses import (
    UNITS,
    ContentLoss,
    GramLoss,
    Guided,
    Seen,
    TotalLoss,
    TotalVariationLoss,
    View,
    moments,
    total_variation,
)

ONES = torch.ones(6, 8)


def maps(seed: int = 0) -> torch.Tensor:
    return torch.rand(4, 6, 8, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def encoder() -> Encoder:
    torch.manual_seed(0)
    net = Encoder("tiny", VGG19_DEPTHS, (4, 4, 4, 4, 4), "conv3_1")
    return net.requires_grad_(False)


@pytest.mark.parametrize("units", list(UNITS))
def test_losses_vanish_at_their_target(units: str) -> None:
    f = maps()
    style = GramLoss.of("t", moments(f, ONES), ONES, None, UNITS[units])
    content = ContentLoss.of("t", f, ONES, None, UNITS[units])
    assert float(style.of_map(f)) == pytest.approx(0, abs=1e-9)
    assert float(content.of_map(f)) == pytest.approx(0, abs=1e-9)
    assert float(style.of_map(f + 0.5)) > 0 and float(content.of_map(f + 0.5)) > 0


def test_gatys_units() -> None:
    f, p = maps(1), maps(2)
    m, n = f[0].numel(), len(f)
    gram = lambda x: x.flatten(1) @ x.flatten(1).t()  # noqa: E731  (equation 3: a sum over positions)
    style = (gram(f) - gram(p)).square().sum() / (4 * n**2 * m**2)  # equation 4
    content = 0.5 * (f - p).square().sum()  # equation 1
    u = UNITS["gatys"]
    assert float(GramLoss.of("t", moments(p, ONES), ONES, None, u).of_map(f)) == pytest.approx(float(style), rel=1e-4)
    assert float(ContentLoss.of("t", p, ONES, None, u).of_map(f)) == pytest.approx(float(content), rel=1e-4)


def test_johnson_units() -> None:
    f, p = maps(1), maps(2)
    c, h, w = f.shape
    gram = lambda x: x.flatten(1) @ x.flatten(1).t() / (c * h * w)  # noqa: E731  (equation 3)
    u = UNITS["johnson"]
    style = (gram(f) - gram(p)).square().sum()
    content = (f - p).square().sum() / (c * h * w)
    assert float(GramLoss.of("t", moments(p, ONES), ONES, None, u).of_map(f)) == pytest.approx(float(style), rel=1e-4)
    assert float(ContentLoss.of("t", p, ONES, None, u).of_map(f)) == pytest.approx(float(content), rel=1e-4)


def test_relative_units_do_not_depend_on_scale() -> None:
    f, p, u = maps(1), maps(2), UNITS["relative"]
    one = GramLoss.of("t", moments(p, ONES), ONES, None, u).of_map(f)
    big = GramLoss.of("t", moments(p * 30, ONES), ONES, None, u).of_map(f * 30)
    assert float(one) == pytest.approx(float(big), rel=1e-4)


def test_content_head_is_the_wide_distance() -> None:
    g = torch.Generator().manual_seed(4)
    head = Head(torch.randn(9, 4, generator=g), torch.randn(9, generator=g))
    f, p = maps(1), maps(2)
    wide = lambda x: head.weight @ x.flatten(1) + head.bias[:, None]  # noqa: E731
    expected = (wide(f) - wide(p)).square().sum() / wide(p).square().sum()
    loss = ContentLoss.of("t", p, ONES, head, UNITS["relative"])
    assert float(loss.of_map(f)) == pytest.approx(float(expected), rel=1e-4)


def test_total_variation_of_a_checkerboard() -> None:
    board = (torch.arange(8)[:, None] + torch.arange(8)) % 2
    assert float(total_variation(board.float().expand(1, 3, 8, 8))) == 2
    assert float(total_variation(torch.full((1, 3, 8, 8), 0.3))) == 0
    assert float(total_variation(torch.rand(1, 3, 1, 1))) == 0


def test_view_shows_nothing_from_outside() -> None:
    inside = torch.zeros(1, 4, dtype=torch.bool)
    inside[:, :2] = True
    view = View(0, 0, 1, 4, inside, torch.tensor([0, 1, 1, 0]))
    picture = torch.tensor([1.0, 2.0, 30.0, 40.0]).view(1, 1, 1, 4).requires_grad_(True)
    seen = view(picture)
    assert seen.flatten().tolist() == [1, 2, 2, 1]
    (grad,) = torch.autograd.grad(seen.sum(), picture)
    assert grad.flatten().tolist() == [1, 1, 0, 0]


def test_total_sums_regions_and_gradients(encoder: Encoder) -> None:
    torch.manual_seed(1)
    x, target = torch.rand(1, 3, 32, 32), torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        f = {t: m[0] for t, m in encoder(target, ["conv1_1", "conv2_1"]).items()}
    parts = []
    for top in (0, 16):
        with torch.no_grad():
            seen = encoder(target[..., top : top + 16, :], ["conv1_1"])["conv1_1"][0]
        loss = ContentLoss.of("conv1_1", seen, torch.ones(16, 32), None, UNITS["relative"])
        parts.append(Guided(View(top, 0, 16, 32), 0.5, [(2.0, loss)]))
    parts.append(Guided(View.whole(x), 1.0, [(0.1, TotalVariationLoss())]))
    total = TotalLoss(encoder, parts)
    value, grad = total(x)
    y = x.clone().requires_grad_(True)
    expected = sum((p(encoder, y)["content"] for p in parts[:2]), torch.zeros(())) + 0.1 * total_variation(y)
    assert value == pytest.approx(float(expected.detach()), rel=1e-5)
    assert torch.allclose(grad, torch.autograd.grad(expected, y)[0], atol=1e-8)
    assert total.values["total"] == pytest.approx(value) and set(total.values) == {"content", "style", "tv", "total"}
    assert f["conv2_1"].shape == (4, 16, 16)


def test_zero_weights_cost_nothing(encoder: Encoder) -> None:
    value, grad = TotalLoss(encoder, [Guided(View(0, 0, 32, 32), 1.0, [])])(torch.rand(1, 3, 32, 32))
    assert value == 0 and not grad.any()


class _Reads:
    """A loss that reads some taps and the pixels."""

    name = "style"

    def __init__(self, *taps: str) -> None:
        self.taps = taps

    def __call__(self, seen: Seen) -> torch.Tensor:
        assert set(self.taps) <= set(seen.features)
        return seen.pixels.mean() + sum((seen.features[t].mean() for t in self.taps), torch.zeros(()))


def test_one_pass_for_the_taps_of_all_losses_and_none_for_pixels(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[set[str]] = []
    forward = Encoder.forward

    def counted(self: Encoder, x: torch.Tensor, taps: set[str]) -> dict[str, torch.Tensor]:
        passes.append(set(taps))
        return forward(self, x, taps)

    monkeypatch.setattr(Encoder, "forward", counted)
    x = torch.rand(1, 3, 32, 32)
    view = View.whole(x)
    pixels = Guided(view, 1.0, [(1.0, TotalVariationLoss()), (2.0, _Reads())])
    value, grad = TotalLoss(encoder, [pixels])(x)
    assert passes == [] and value == pytest.approx(float(total_variation(x) + 2 * x.mean())) and grad.any()
    both = Guided(view, 1.0, [(1.0, _Reads("conv1_1", "conv2_1")), (1.0, _Reads("conv2_1", "conv3_1"))])
    TotalLoss(encoder, [both])(x)
    assert passes == [{"conv1_1", "conv2_1", "conv3_1"}]
