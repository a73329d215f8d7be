"""Swatches: each shipped style has one, with its palette; none shows a piece of a picture; compositions are our own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.data import astronaut, chelsea
from torch import Tensor

from scumble.features.registry import weights_digest
from scumble.styles.card import load_card
from scumble.styles.library import shipped_names, swatch_file
from scumble.styles.statistics import color_statistics
from scumble.training.library.field import composition
from scumble.training.library.swatches import LIKE, SIDE, likest


def tensor(pixels: np.ndarray) -> Tensor:
    return torch.from_numpy(pixels.copy()).float().permute(2, 0, 1)[None] / 255


def test_every_shipped_style_has_one() -> None:
    assert len(shipped_names()) >= 24
    for name in shipped_names():
        file = swatch_file(name)
        assert file is not None and file.stat().st_size < 400_000
        with Image.open(file) as im:
            assert im.size == (SIDE, SIDE) and im.mode == "RGB" and not im.getexif()


@pytest.mark.parametrize("name", shipped_names())
def test_a_swatch_has_the_palette_that_was_measured_of_the_painting(name: str) -> None:
    file = swatch_file(name)
    assert file is not None
    with Image.open(file) as im:
        pixels = tensor(np.asarray(im))
    mean, covariance = color_statistics(pixels, torch.ones_like(pixels[:, :1]))
    wanted = load_card(name, weights_digest("slim")).colors()
    assert float((mean - wanted[0]).abs().max()) < 0.08
    spread = [float(c.diagonal().sum().sqrt()) for c in (covariance, wanted[1])]
    assert 0.7 < spread[0] / spread[1] < 1.6


def test_a_composition_takes_the_palette_and_no_shapes() -> None:
    painting = tensor(astronaut()[::3, ::3])
    first, again, other = (composition(painting, 128, seed) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    for channel in range(3):
        got, wanted = (t[0, channel].flatten().sort()[0] for t in (first, painting))
        ranks = torch.linspace(0, 1, 33)[1:-1]
        assert float((got.quantile(ranks) - wanted.quantile(ranks)).abs().max()) < 0.12
    assert likest(first, painting) < LIKE


def test_a_piece_of_a_painting_is_found_again_turned_and_mirrored() -> None:
    painting = tensor(astronaut()[::2, ::2])
    picture = composition(painting, 160, 3)
    assert likest(picture, painting) < LIKE
    piece = painting[..., 20:80, 90:150].rot90(1, (2, 3)).flip(3)
    picture[..., 32:92, 32:92] = piece * 0.8 + 0.1  # lighter or flatter, it is still that piece
    assert likest(picture, painting) > 0.93
    assert likest(tensor(chelsea()[:160, 100:260]), painting) < LIKE
