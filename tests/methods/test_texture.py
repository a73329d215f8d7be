"""The style's own texture under flat areas: where it lies, that it fits, and that *fast* keeps and renews its looks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from scumble.features.registry import load_encoder
from scumble.methods.base import Plan
from scumble.methods.fast.looks import Look
from scumble.methods.places.find import find_place
from scumble.methods.run import run, unload
from scumble.methods.texture.flatness import flatness
from scumble.methods.texture.laying import QUICK, THOROUGH, Search, Texture, lay_texture
from scumble.methods.texture.views import Paint, oriented, part_of
from scumble.styles.statistics import PictureStyle
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Recorder, Store, stripes


def dark_and_light(side: int = 192) -> Tensor:
    """A style whose left half is dark, its right half light, both with broad waves."""
    at = torch.linspace(0, 12 * torch.pi, side)
    waves = 0.08 * torch.sin(at)[:, None].expand(side, side)
    halves = torch.where(torch.arange(side) < side // 2, 0.25, 0.75)[None].expand(side, side)
    return (waves + halves).expand(1, 3, side, side).contiguous()


def texture(pixels: Tensor) -> Texture:
    paint = Paint(pixels, torch.ones_like(pixels[:, :1]), float(pixels.shape[-1]))
    return Texture.of(paint, load_encoder("slim"), 4 * pixels.shape[-1], 0)


def laid(content: Tensor, search: Search = QUICK, seed: int = 0, amount: float = 1.0) -> Tensor:
    ones = torch.ones(1, *content.shape[-2:])
    return lay_texture(content, flatness(content), ones, [texture(dark_and_light())], amount, seed, search)


def half_busy() -> Tensor:
    """Flat gray, and noise on the right."""
    picture = torch.full((1, 3, 128, 192), 0.5)
    picture[..., 128:] = torch.rand(1, 1, 128, 64, generator=torch.Generator().manual_seed(0))
    return picture


@pytest.mark.parametrize("search", [QUICK, THOROUGH])
def test_it_lies_where_nothing_is_and_nowhere_else(search: Search) -> None:
    content = half_busy()
    change = (laid(content, search) - content).abs().mean(1)[0]
    assert float(change[:, :96].mean()) > 0.02 and float(change[:, 150:].max()) < 1e-6


def test_the_same_seed_lays_the_same_and_another_lays_another() -> None:
    content = half_busy()
    assert torch.equal(laid(content), laid(content)) and not torch.equal(laid(content), laid(content, seed=7))


def test_half_of_it_is_half() -> None:
    content = half_busy()
    whole, half = laid(content) - content, laid(content, amount=0.5) - content
    assert torch.allclose(half, 0.5 * whole, atol=1e-5)


def test_a_selection_gets_none_beside_it() -> None:
    content = torch.full((1, 3, 96, 96), 0.75)
    share = torch.zeros(1, 96, 96)
    share[..., :48] = 1
    out = lay_texture(content, flatness(content), share, [texture(dark_and_light())], 1.0, 0, QUICK)
    assert torch.equal(out[..., 48:], content[..., 48:]) and not torch.equal(out[..., :48], content[..., :48])


def test_fast_lays_it_as_far_as_texture_says(store: Store) -> None:
    flat = np.full((128, 128, 3), 128, np.uint8)

    def deviation(**given: Any) -> float:
        request = Request(method="fast", content=store.put(flat), styles=(Style("starry-night"),), **given)
        layer = run(request, store.load, Recorder(), Plan()).layer
        return float(layer.data[16:-16, 16:-16, :3].astype(float).std(axis=(0, 1)).mean())

    found = [deviation(texture=t) for t in (0.0, 0.5, 1.0)]
    assert found == sorted(found) and found[1] > 2 * found[0]


def test_looks_are_kept_by_what_a_picture_shows_not_by_its_name() -> None:
    encoder = load_encoder("slim")

    def look(color: tuple[float, float, float]) -> Look:
        pixels = torch.from_numpy(stripes(96, 96, color).astype(np.float32) / 255).permute(2, 0, 1)[None]
        return Look(PictureStyle("mine", pixels, torch.ones_like(pixels[:, :1]), "key"))

    first, same, other = look((0.9, 0.3, 0.1)), look((0.9, 0.3, 0.1)), look((0.1, 0.3, 0.9))
    assert first.colors is same.colors and first.colors is not other.colors
    assert first.texture(96, 400, encoder, 0) is same.texture(96, 400, encoder, 0)
    assert first.texture(96, 400, encoder, 0) is not first.texture(48, 400, encoder, 0)


def test_what_is_kept_of_pictures_is_let_go_of_with_the_networks() -> None:
    pixels = torch.from_numpy(stripes(96, 96, (0.2, 0.8, 0.3)).astype(np.float32) / 255).permute(2, 0, 1)[None]
    style, encoder = PictureStyle("mine", pixels, torch.ones_like(pixels[:, :1]), "let go"), load_encoder("slim")
    kept = [
        lambda: Look(style).colors,
        lambda: Look(style).texture(96, 400, encoder, 0),
        lambda: style.moments(encoder, 96, ["conv1_1"]),
        lambda: find_place("sky", np.full((64, 64, 3), (0.4, 0.6, 0.9), np.float32)),
    ]
    assert [once() is once() for once in kept] == [True] * 4
    before = [once() for once in kept]
    unload()
    assert [once() is b for once, b in zip(kept, before, strict=True)] == [False] * 4


def test_two_styles_without_pictures_keep_their_own_colours() -> None:
    class Statistics:
        def __init__(self, gray: float) -> None:
            self.name, self.gray, self.mark = "numbers", gray, ""

        def moments(self, *_: Any) -> dict[str, Tensor]:
            return {}

        def colors(self) -> tuple[Tensor, Tensor]:
            return torch.full((3,), self.gray), 0.02 * torch.eye(3)

        def picture(self, long_side: float) -> None:
            return None

    first, second = (Look(Statistics(g)) for g in (0.2, 0.8))
    assert float(first.colors.palette.mean[0]) < 0.3 < 0.7 < float(second.colors.palette.mean[0])
    assert first.texture(96, 400, load_encoder("slim"), 0) is None


@pytest.mark.parametrize("orientation", range(8))
def test_a_part_is_turned_as_the_whole_is(orientation: int) -> None:
    whole = torch.arange(7 * 5).reshape(1, 1, 7, 5)
    for y, x, size in ((0, 0, (3, 2)), (1, 2, (2, 3)), (3, 1, (9, 9))):
        wanted = oriented(whole, orientation)[..., y : y + size[0], x : x + size[1]]
        assert torch.equal(part_of(whole, orientation, y, x, size), wanted)
