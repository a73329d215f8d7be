"""Strokes that a style borrows: those of the most similar one, in colours of its own."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from scumble.methods.colors import Palette
from scumble.methods.fast.borrowing import borrowed, chroma_change
from scumble.methods.pixels import LUMA, luma
from scumble.networks.painter import load_painter
from scumble.picture import decode_file
from scumble.styles.library import shipped_swatch
from scumble.styles.statistics import PictureStyle
from scumble.wire.request.style import Style

from .conftest import Store
from .test_fast import painted, photo


def palette(*deviations: float) -> Palette:
    """Of colours that vary so far along red, green, blue."""
    return Palette(torch.full((3,), 0.5).double(), torch.diag(torch.tensor(deviations).double() ** 2))


def source(name: str, part: float = 1.0) -> PictureStyle:
    """A swatch, or its left part, as a picture of the user's."""
    file = shipped_swatch(name)
    assert file is not None
    picture = decode_file(file.read_bytes(), name)
    pixels = torch.from_numpy(picture.data[..., :3].copy()).permute(2, 0, 1)[None].float() / 255
    pixels = pixels[..., : round(part * pixels.shape[-1])]
    return PictureStyle("any", pixels, torch.ones_like(pixels[:, :1]), f"{name} {part}")


@pytest.mark.parametrize("name", ["great-wave", "starry-night", "udnie", "sunflowers"])
def test_a_part_of_a_swatch_borrows_that_style(name: str) -> None:
    painter = load_painter("painter")
    found = borrowed(painter, source(name, 0.7), 512, torch.device("cpu"))
    for one, other in zip(found[:-1], painter.kernels(name, 512)[:-1], strict=True):
        assert torch.equal(one.weight, other.weight) and torch.equal(one.bias, other.bias)


def test_chroma_turns_and_light_stays() -> None:
    gray = torch.ones(3)
    for lent, own in ((palette(0.2, 0.1, 0.1), palette(0.1, 0.1, 0.3)), (palette(0.2, 0.2, 0.2), palette(0, 0, 0))):
        change = chroma_change(lent, own)
        assert torch.allclose(change @ gray, gray, atol=1e-5)
        colors = torch.rand(3, 50, generator=torch.Generator().manual_seed(0))
        light = torch.tensor(LUMA)
        assert torch.allclose(light @ change @ colors, light @ colors, atol=1e-5)
    assert float((change @ (colors - light @ colors)).std()) < 1e-3, "gray paint has gray strokes"
    same = chroma_change(palette(0.2, 0.1, 0.1), palette(0.2, 0.1, 0.1))
    assert torch.allclose(same, torch.eye(3), atol=0.03)
    more = chroma_change(palette(0.05, 0.05, 0.05), palette(0.3, 0.3, 0.3))
    assert float(torch.linalg.eigvalsh((more + more.t()) / 2).max()) <= 1 + 0.3, "no more colour than was lent"


def test_a_gray_picture_paints_gray(store: Store) -> None:
    rng = np.random.default_rng(1)
    waves = np.kron(rng.integers(0, 256, (24, 24)), np.ones((8, 8))).astype(np.uint8)
    style = Style("ink", picture=store.put(np.repeat(waves[..., None], 3, 2)))
    rgb = torch.from_numpy(painted(store, photo(96), styles=(style,)).layer.data[..., :3].astype(np.float32))
    pixels = rgb.permute(2, 0, 1)[None] / 255
    assert float((pixels - luma(pixels)).abs().mean()) < 0.01


def test_a_painter_without_looks_paints_the_mean_of_what_it_learned() -> None:
    painter = load_painter("painter")
    looks, painter.looks = painter.looks, {}
    try:
        found = borrowed(painter, source("scream"), 512, torch.device("cpu"))
    finally:
        painter.looks = looks
    assert all(k.weight.isfinite().all() for k in found)
