"""How strokes look: whatever their colours and light, and wherever they are shown."""

from __future__ import annotations

import numpy as np
import torch
from skimage.data import astronaut, brick, grass
from torch import Tensor

from scumble.features.registry import load_encoder
from scumble.networks.likeness import look_of, most_alike


def picture(values: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], left: int = 0) -> Tensor:
    rgb = np.repeat(values[..., None], 3, 2) if values.ndim == 2 else values
    return torch.from_numpy(rgb[:256, left : left + 256].copy()).permute(2, 0, 1)[None].float() / 255


def look(pixels: Tensor, coverage: Tensor | None = None) -> Tensor:
    return look_of(load_encoder("slim"), pixels, torch.ones_like(pixels[:, :1]) if coverage is None else coverage)


def test_another_part_and_another_colour_of_the_same_is_most_like_it() -> None:
    known = {"grass": look(picture(grass())), "brick": look(picture(brick())), "photo": look(picture(astronaut()))}
    for name, values in (("grass", grass()), ("brick", brick())):
        part = picture(values, 200)
        tinted = 0.3 + 0.4 * part * torch.tensor([1.0, 0.6, 0.2]).view(1, 3, 1, 1)
        assert most_alike(look(part), known) == most_alike(look(tinted), known) == name


def test_what_is_transparent_does_not_count() -> None:
    shown = torch.ones(1, 1, 256, 256)
    shown[..., 128:] = 0
    other = picture(grass())
    other[..., 128:] = picture(brick())[..., 128:]
    third = picture(grass())
    third[..., 128:] = 0.2
    assert float((look(other, shown) - look(third, shown)).norm()) < 1e-4


def test_a_flat_picture_has_a_look() -> None:
    assert look(torch.full((1, 3, 64, 64), 0.5)).isfinite().all()
