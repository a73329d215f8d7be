"""Pairs for a fast network: even over styles and sizes, made once, and really painted."""

from __future__ import annotations

from collections import Counter
from itertools import islice, product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut, chelsea

from scumble.styles.library import shipped_names
from scumble.training.fast.pairs import ROUND, Pair, make, planned


def test_each_style_gets_as_many_at_each_size_and_what_is_there_is_left_out(tmp_path: Path) -> None:
    photos = [tmp_path / f"{n}.jpg" for n in range(7)]
    first = list(islice(planned(photos, tmp_path / "out", 5), len(shipped_names()) * len(ROUND)))
    assert set(Counter((p.style, p.size) for p in first).values()) == {1, 2}
    assert {f for p in first for f in p.photos} == set(photos)
    for pair in first[:10]:
        pair.file.parent.mkdir(parents=True, exist_ok=True)
        pair.file.touch()
    assert next(planned(photos, tmp_path / "out", 5)) == first[10]


def test_of_some_styles_alone_and_with_four_photographs_in_a_picture(tmp_path: Path) -> None:
    photos = [tmp_path / f"{n}.jpg" for n in range(7)]
    some = list(planned(photos, tmp_path / "out", 3, only=("scream", "great-wave"), sharing=4))
    assert [p.style for p in some] == ["great-wave", "scream"] * 3 and {len(p.photos) for p in some} == {4}


@pytest.mark.parametrize("sharing", [1, 4])
def test_a_pair_is_photographs_and_what_was_painted_of_them(tmp_path: Path, sharing: int) -> None:
    for name, pixels in (("photo", chelsea()), ("painting", astronaut())):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    photos = [tmp_path / "photo.png"] * sharing
    pair = Pair("a", tmp_path / "painting.png", 128, photos, tmp_path / "out/a/000-128.png")
    make(pair, 128)
    with Image.open(pair.file) as im:
        both = np.asarray(im, np.float64)
    assert both.shape == (128, 256, 3)
    side = 128 if sharing == 1 else 64
    with Image.open(tmp_path / "photo.png") as im:
        square = im.resize((side, side), Image.Resampling.LANCZOS, (75, 0, 375, 300))
    for top, left in product(range(0, 128, side), repeat=2):
        assert np.array_equal(both[top : top + side, left : left + side], np.asarray(square, np.float64))
    assert np.abs(both[:, 128:] - both[:, :128]).mean() > 10
