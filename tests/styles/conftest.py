"""A user's data folder of the test's own, and a style in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from scumble.features.registry import load_encoder, weights_digest
from scumble.features.slim import HEAD_WIDTHS
from scumble.styles.card import SIZES, save_card
from scumble.styles.statistics import PictureStyle

Make = Callable[..., Path]


@pytest.fixture
def own_styles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of styles, empty."""
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "styles"


@pytest.fixture(scope="session")
def card_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A whole card, measured on small noise."""
    pixels = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    style = PictureStyle("noise", pixels, torch.ones_like(pixels[:, :1]), "noise")
    moments = style.moments(load_encoder("slim"), 64, list(HEAD_WIDTHS))
    file = tmp_path_factory.mktemp("card") / "c.safetensors"
    save_card(file, {size: moments for size in SIZES}, style.colors())
    return file.read_bytes()


@pytest.fixture
def make_own(own_styles: Path, card_bytes: bytes) -> Make:
    """Makes a style of the user's; keywords replace fields of its record."""

    def make(name: str = "my-wave", /, **changed: Any) -> Path:
        folder = own_styles / name
        folder.mkdir(parents=True)
        (folder / "card.safetensors").write_bytes(card_bytes)
        (folder / "painter.safetensors").write_bytes(b"tensors")
        files = {"card.safetensors": hashlib.sha256(card_bytes).hexdigest(), "painter.safetensors": "1" * 64}
        record = {"name": name, "title": "My Wave", "artist": "Ann", "year": 2024, "licence": "", "tags": ["sea"]}
        record |= {"kind": "code", "network": "2" * 64, "encoder": weights_digest("slim"), "files": files}
        (folder / "style.json").write_text(json.dumps({**record, **changed}), "utf-8")
        return folder

    return make
