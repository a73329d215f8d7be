"""Small pictures, and slim with one of them as its style."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from scumble.features.encoder import Encoder
from scumble.features.registry import load_encoder
from scumble.metrics import WeightedStyle
from scumble.picture import Picture
from scumble.styles.statistics import PictureStyle


def smooth(seed: int, height: int = 64, width: int = 96) -> Picture:
    """A picture of soft coloured patches."""
    rough = torch.rand(1, 3, 8, 12, generator=torch.Generator().manual_seed(seed))
    big = torch.nn.functional.interpolate(rough, (height, width), mode="bicubic").clamp(0, 1)
    return Picture((big[0].permute(1, 2, 0).numpy() * 255).astype(np.uint8))


def rough(seed: int, height: int = 64, width: int = 96) -> Picture:
    """A picture of noise."""
    return Picture(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def as_style(picture: Picture, name: str = "drawn", weight: float = 1.0) -> WeightedStyle:
    pixels = torch.from_numpy(picture.data.astype(np.float32) / 255).permute(2, 0, 1)[None]
    key = f"{name} {hash(picture.data.tobytes())}"
    return WeightedStyle(PictureStyle(name, pixels, torch.ones_like(pixels[:, :1]), key), weight)


@pytest.fixture(scope="session")
def slim() -> Encoder:
    return load_encoder("slim")
