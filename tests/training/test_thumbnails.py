"""Thumbnails: each shipped style has one, made by the code that is here, and no two look alike."""

from __future__ import annotations

import io
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from scumble.features.registry import weights_digest
from scumble.networks.painter import load_painter
from scumble.styles.card import load_card
from scumble.styles.library import list_styles
from scumble.training.library import thumbnails
from scumble.training.library.thumbnails import SIDE, finest, thumbnail


def pixels(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    with Image.open(io.BytesIO(data)) as im:
        assert im.format == "JPEG" and im.size == (SIDE, SIDE) and im.mode == "RGB"
        return np.asarray(im, np.float64)


def test_every_shipped_style_has_one_of_its_own() -> None:
    shown = {s["name"]: pixels(s["thumbnail"]) for s in list_styles(thumbnails=True) if not s["own"]}
    assert len(shown) >= 20
    nearest = min((np.abs(shown[a] - shown[b]).mean(), a, b) for a, b in combinations(shown, 2))
    assert nearest[0] > 15, nearest
    assert all(p.std() > 15 for p in shown.values())


def test_the_shipped_ones_are_what_this_code_paints() -> None:
    shipped = next(s for s in list_styles(thumbnails=True) if s["name"] == "starry-night")
    again = pixels(finest("starry-night"))
    assert np.abs(again - pixels(shipped["thumbnail"])).mean() < 8


def test_one_that_is_too_large_is_made_in_lower_quality(monkeypatch: pytest.MonkeyPatch) -> None:
    painter = load_painter("painter")
    source = load_card("great-wave", weights_digest("slim"))
    usual = thumbnail(painter, "great-wave", source)
    monkeypatch.setattr(thumbnails, "LARGEST_THUMBNAIL", 4000)
    assert 1000 < len(thumbnail(painter, "great-wave", source)) <= 4000 < len(usual) <= 6000
