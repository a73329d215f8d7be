"""Drawn photographs and paintings, and a generator of random weights in place of the shipped ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from scumble.features import tensors
from scumble.networks import models
from scumble.networks.painter import SIZES, Painter
from scumble.networks.transform import TransformNet


def draw(path: Path, size: tuple[int, int], seed: int) -> Path:
    """A picture of soft random colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    small = np.random.default_rng(seed).integers(0, 255, (9, 12, 3), dtype=np.uint8)
    Image.fromarray(small).resize(size, Image.Resampling.BICUBIC).save(path)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Ten photographs in COCO's layout."""
    for i in range(10):
        draw(tmp_path / "photos" / ("train2017" if i % 2 else "val2017") / f"{i:03}.jpg", (96, 72), i)
    return tmp_path / "photos"


@pytest.fixture
def painting(tmp_path: Path) -> Path:
    return draw(tmp_path / "The Wave (1831).png", (80, 64), 99)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package without a generator, and a data folder of the test's own."""
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(models, "SHIPPED", tmp_path / "shipped")
    (tmp_path / "shipped").mkdir()
    return tmp_path / "shipped"


@pytest.fixture
def painter(shipped: Path) -> Path:
    """A generator of random weights that knows two styles; any other is more like the second."""
    torch.manual_seed(5)
    net = TransformNet()
    codes = {n: torch.randn(len(SIZES), net.code_size) * 0.1 for n in ("scream", "great-wave")}
    own = {"great-wave": TransformNet()}
    for weights in own["great-wave"].parameters():
        weights.data *= 0.01
    looks = {"scream": torch.full((7264,), -1.0), "great-wave": torch.zeros(7264)}
    file = shipped / "painter.safetensors"
    tensors.store(file, Painter(net, codes, own=own, looks=looks).state())
    return file
