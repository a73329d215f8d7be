"""What is measured: the identity, the style itself, masks, sizes, transparency."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from scumble.features.encoder import VGG19_DEPTHS, Encoder
from scumble.features.registry import weights_digest
from scumble.metrics import STYLE_TAPS, WeightedStyle, Yardstick
from scumble.metrics.prepared import prepare_content, prepare_result, working_size
from scumble.picture import Picture
from scumble.styles.card import load_card
from scumble.wire.protocol.errors import ScumbleError

from .conftest import as_style, rough, smooth

LEFT = Picture(np.repeat(np.array([255] * 48 + [0] * 48, np.uint8)[None, :, None], 64, axis=0))


def half(left: Picture, right: Picture) -> Picture:
    return Picture(np.concatenate([left.data[:, :48], right.data[:, 48:]], axis=1))


def test_the_identity_keeps_all_content_and_closes_nothing(slim: Encoder) -> None:
    yardstick = Yardstick.of(smooth(1), [as_style(rough(2))], slim)
    identity = yardstick.identity()
    assert (identity.content, identity.closed(identity), identity.lpips) == (0, 0, None)
    assert identity.ssim == pytest.approx(1, abs=1e-5) and identity.style > 0.5
    again = yardstick.measure(smooth(1))
    assert again.content == pytest.approx(0, abs=1e-6) and again.style == pytest.approx(identity.style)


def test_the_style_itself_has_no_style_loss(slim: Encoder) -> None:
    yardstick = Yardstick.of(smooth(1), [as_style(rough(2))], slim)
    found = yardstick.measure(rough(2))
    assert found.style == pytest.approx(0, abs=1e-6) and found.content > 0.1
    assert found.ssim is not None and found.ssim < 0.3
    assert found.closed(yardstick.identity()) == pytest.approx(1)


def test_what_is_nearer_measures_nearer(slim: Encoder) -> None:
    content, style = smooth(1), rough(2)
    yardstick = Yardstick.of(content, [as_style(style)], slim)
    blends = [
        Picture((content.data * (1 - share) + style.data * share).astype(np.uint8)) for share in (0.0, 0.3, 0.6, 1.0)
    ]
    found = [yardstick.measure(b) for b in blends]
    assert [m.style for m in found] == sorted([m.style for m in found], reverse=True)
    assert [m.content for m in found] == sorted(m.content for m in found)
    assert [m.ssim for m in found] == sorted([m.ssim or 0 for m in found], reverse=True)


def test_a_content_that_is_the_style_leaves_nothing_to_close(slim: Encoder) -> None:
    identity = replace(Yardstick.of(smooth(1), [as_style(rough(2))], slim).identity(), style=0.0)
    assert identity.closed(identity) is None


def test_the_plain_formula_without_a_head() -> None:
    torch.manual_seed(0)
    plain = Encoder("tiny", VGG19_DEPTHS, (8, 8, 8, 8, 8), "conv5_1").requires_grad_(False)
    for conv in plain.convs.values():
        conv.weight.mul_(2.5)  # so that differences reach the deep taps
    found = Yardstick.of(smooth(1), [as_style(rough(2))], plain).measure(smooth(3))

    def maps(picture: Picture) -> dict[str, torch.Tensor]:
        pixels = torch.from_numpy(picture.data.astype(np.float32) / 255).permute(2, 0, 1)[None]
        return {t: m[0].flatten(1) for t, m in plain(pixels, [*STYLE_TAPS, "conv4_2"]).items()}

    result, style, content = maps(smooth(3)), maps(rough(2)), maps(smooth(1))
    relative = []
    for tap in STYLE_TAPS:
        g, wanted = (f[tap] @ f[tap].t() / f[tap].shape[1] for f in (result, style))
        relative.append(float((g - wanted).square().sum() / wanted.square().sum()))
    assert found.style == pytest.approx(sum(relative) / 5, rel=1e-3)
    f, p = result["conv4_2"], content["conv4_2"]
    assert found.content == pytest.approx(float((f - p).square().sum() / p.square().sum()), rel=1e-3)


def test_a_mask_counts_only_what_it_covers(slim: Encoder) -> None:
    content, styles = smooth(1), [as_style(rough(2))]
    inside = Yardstick.of(content, styles, slim, mask=LEFT)
    everywhere = Yardstick.of(content, styles, slim)
    changed_outside, changed_inside = half(content, rough(2)), half(rough(2), content)
    assert inside.measure(changed_outside).content < 0.25 * everywhere.measure(changed_outside).content
    assert inside.measure(changed_inside).content > 1.5 * everywhere.measure(changed_inside).content
    kept, lost = inside.measure(changed_outside).ssim, inside.measure(changed_inside).ssim
    assert kept is not None and lost is not None and kept > 0.9 and lost < 0.2
    assert inside.measure(changed_inside).style < 0.5 * inside.identity().style
    assert inside.measure(changed_outside).style > 0.5 * inside.identity().style


def test_several_styles_count_by_their_weights(slim: Encoder) -> None:
    def measured(one: float, other: float) -> float:
        styles = [as_style(rough(2), "rough", one), as_style(smooth(3), "smooth", other)]
        return Yardstick.of(smooth(1), styles, slim).measure(rough(2)).style

    assert measured(1, 0) == pytest.approx(0, abs=1e-6)
    assert 0 < measured(3, 1) < measured(1, 1) < measured(1, 3)
    assert measured(2, 2) == pytest.approx(measured(0.5, 0.5))


def test_a_style_of_the_library_measures_like_a_picture(slim: Encoder) -> None:
    card = WeightedStyle(load_card("starry-night", weights_digest("slim")))
    assert 0 < Yardstick.of(smooth(1), [card], slim).identity().style < 1000


@pytest.mark.parametrize(
    ("styles", "mask", "code"),
    [
        ([], None, "styles-missing"),
        ([as_style(rough(2), weight=0.0)], None, "weights-zero"),
        ([as_style(rough(2))], Picture(np.zeros((64, 96, 1), np.uint8)), "mask-empty"),
    ],
)
def test_what_cannot_be_measured(slim: Encoder, styles: list[WeightedStyle], mask: Picture | None, code: str) -> None:
    with pytest.raises(ScumbleError) as error:
        Yardstick.of(smooth(1), styles, slim, mask=mask)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("size", "long_side", "expected"),
    [
        ((600, 1200), 512, (256, 512)),
        ((100, 200), 512, (100, 200)),
        ((1, 1), 512, (64, 64)),
        ((10, 100), 512, (64, 640)),
        ((2000, 100), 512, (1280, 64)),
    ],
)
def test_working_sizes(size: tuple[int, int], long_side: int, expected: tuple[int, int]) -> None:
    assert working_size(Picture(np.zeros((*size, 3), np.uint8)), long_side) == expected


def test_measures_hardly_depend_on_the_results_own_size(slim: Encoder) -> None:
    yardstick = Yardstick.of(smooth(1), [as_style(rough(2))], slim)
    large = yardstick.measure(smooth(1, 128, 192))
    assert large.content < 0.01 and large.ssim is not None and large.ssim > 0.98


def test_a_layer_is_measured_as_it_lies_over_the_content() -> None:
    content, weight = prepare_content(smooth(1), None, (64, 96))
    assert bool((weight == 1).all())
    alpha = LEFT.data
    layer = Picture(np.concatenate([rough(2).data, alpha], axis=2))
    seen = prepare_result(layer, content)
    expected, _ = prepare_content(half(rough(2), smooth(1)), None, (64, 96))
    assert torch.allclose(seen, expected, atol=1e-6)


def test_transparent_content_does_not_count() -> None:
    data = np.concatenate([smooth(1).data, LEFT.data], axis=2)
    content, weight = prepare_content(Picture(data), None, (64, 96))
    assert weight[:, :48].min() == 1 and weight[:, 48:].max() == 0
    assert torch.allclose(content[0, :, :, 48:], content[0, :, :, :48].mean((1, 2))[:, None, None], atol=1e-5)
    with pytest.raises(ScumbleError) as error:
        prepare_content(Picture(data), Picture(255 - LEFT.data), (64, 96))
    assert error.value.code == "picture-transparent"


def test_without_the_library_the_losses_are_still_measured(slim: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    yardstick = Yardstick.of(smooth(1), [as_style(rough(2))], slim)
    monkeypatch.setitem(sys.modules, "torchmetrics", None)
    found = yardstick.measure(rough(2))
    assert found.ssim is None and found.content > 0
