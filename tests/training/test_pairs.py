"""Pairs for a fast network: even over styles and sizes, made once, and really painted."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut, chelsea

from scumble.styles.library import shipped_names
from scumble.training import pairs
from scumble.training.pairs import STROKE_SIZES, Pair, make, planned


def test_each_style_gets_as_many_at_each_size_and_what_is_there_is_left_out(tmp_path: Path) -> None:
    photos = [tmp_path / f"{n}.jpg" for n in range(7)]
    names, sizes = len(shipped_names()), len(STROKE_SIZES)
    first = list(islice(planned(tmp_path, photos, tmp_path / "out", 5), names * sizes))
    assert set(Counter((p.style, p.stroke_size) for p in first).values()) == {1}
    assert len({p.photo for p in first}) == len(photos)
    for pair in first[:10]:
        pair.file.parent.mkdir(parents=True, exist_ok=True)
        pair.file.touch()
    assert next(planned(tmp_path, photos, tmp_path / "out", 5)) == first[10]


def test_a_pair_is_a_square_and_what_was_painted_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, pixels in (("photo", chelsea()), ("painting", astronaut())):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    pair = Pair("a", tmp_path / "painting.png", 1.0, tmp_path / "photo.png", tmp_path / "out/a/1-photo.png")
    monkeypatch.setattr(pairs, "CANVAS", 128)
    make(pair, 64)
    with Image.open(pair.file) as im:
        both = np.asarray(im, np.float64)
    assert both.shape == (64, 128, 3)
    with Image.open(tmp_path / "photo.png") as im:
        square = im.resize((64, 64), Image.Resampling.LANCZOS, (75, 0, 375, 300))
    assert np.array_equal(both[:, :64], np.asarray(square, np.float64))
    assert np.abs(both[:, 64:] - both[:, :64]).mean() > 10
