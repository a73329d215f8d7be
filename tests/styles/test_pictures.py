"""The picture that shows how a named style paints: the swatch, the user's own, the painting that was learned from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from scumble.features.encoder import Encoder
from scumble.features.registry import load_encoder, weights_digest
from scumble.picture import Picture, decode_file, save_file
from scumble.styles import library, statistics
from scumble.styles.card import CARDS, load_card
from scumble.styles.library import picture_mark, swatch_file
from scumble.styles.pictures import LARGEST, add_picture, remove_picture
from scumble.styles.statistics import PictureStyle, color_statistics, measure
from scumble.wire.protocol.errors import ScumbleError

from .conftest import Make

RED, BLUE = (220, 20, 20), (20, 20, 220)


def painting(path: Path, color: tuple[int, ...], size: tuple[int, int] = (60, 100)) -> Path:
    save_file(path, Picture(np.full((*size, len(color)), color, np.uint8)))
    return path


def shown(name: str, long_side: float = 80) -> NDArray[np.float32]:
    found = load_card(name, weights_digest("slim")).picture(long_side)
    assert found is not None and found.pixels.shape[1:2] == (3,) and float(found.coverage.min()) == 1
    return np.asarray(found.pixels[0].mean((1, 2)) * 255)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of cards in which “scream” has a red swatch and no other has one."""
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "index.json").write_bytes((CARDS / "index.json").read_bytes())
    painting(folder / "scream.swatch.webp", RED)
    monkeypatch.setattr(library, "CARDS", folder)
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    return folder


def test_a_swatch_is_shown_and_the_users_picture_takes_its_place(shipped: Path, tmp_path: Path) -> None:
    assert swatch_file("scream") == shipped / "scream.swatch.webp" and np.allclose(shown("scream"), RED, atol=1)
    assert load_card("starry-night", weights_digest("slim")).picture(64) is None
    assert swatch_file("starry-night") is None and swatch_file("nobody") is None and swatch_file("../scream") is None
    kept = add_picture("scream", painting(tmp_path / "mine.png", BLUE))
    assert swatch_file("scream") == kept and np.allclose(shown("scream"), BLUE, atol=3)
    remove_picture("scream")
    assert np.allclose(shown("scream"), RED, atol=1)
    with pytest.raises(ScumbleError) as error:
        remove_picture("scream")
    assert error.value.code == "picture-missing"


def test_it_has_the_size_asked_for_but_no_tiny_one(shipped: Path, tmp_path: Path) -> None:
    card = load_card("scream", weights_digest("slim"))
    for side, size in ((200, (120, 200)), (100, (60, 100)), (10, (48, 80))):
        found = card.picture(side)
        assert found is not None and found.pixels.shape == (1, 3, *size) and found.native == 100
        assert found.coverage.shape == (1, 1, *size)


def test_what_is_kept_is_limited_and_whole(shipped: Path, tmp_path: Path) -> None:
    big = add_picture("scream", painting(tmp_path / "big.png", BLUE, (60, LARGEST + 500)))
    assert big.suffix == ".jpg" and max(decode_file(big).data.shape) == LARGEST
    clear = add_picture("scream", painting(tmp_path / "clear.png", (*BLUE, 128)))
    assert clear.suffix == ".png" and [p.name for p in clear.parent.iterdir()] == ["scream.png"]
    (tmp_path / "no.png").write_bytes(b"not one")
    for name, file, code in (
        ("scream", "no.png", "picture-unreadable"),
        ("scream", "nowhere.png", "file-missing"),
        ("nobody", "big.png", "style-unknown"),
    ):
        with pytest.raises(ScumbleError) as error:
            add_picture(name, tmp_path / file)
        assert error.value.code == code
    assert swatch_file("scream") == clear


def test_its_mark_changes_with_it(shipped: Path, tmp_path: Path) -> None:
    marks = [picture_mark("scream")]
    for color in (BLUE, (9, 200, 9)):
        add_picture("scream", painting(tmp_path / "a.png", color, (60, 80 + color[0])))
        marks.append(picture_mark("scream"))
    assert len(set(marks)) == 3 and all(marks) and picture_mark("starry-night") == "" == picture_mark("nobody")


def test_a_style_of_the_users_own_shows_what_lies_in_its_folder(make_own: Make, tmp_path: Path) -> None:
    folder = make_own()
    assert swatch_file("my-wave") is None
    painting(folder / "picture.jpg", RED)
    assert swatch_file("my-wave") == folder / "picture.jpg" and np.allclose(shown("my-wave"), RED, atol=3)
    assert add_picture("my-wave", painting(tmp_path / "other.png", BLUE)).parent == folder
    assert np.allclose(shown("my-wave"), BLUE, atol=3)
    remove_picture("my-wave")
    assert swatch_file("my-wave") is None


def test_what_is_measured_of_a_style_is_bounded_whatever_the_canvas(monkeypatch: pytest.MonkeyPatch) -> None:
    """A canvas of two thousand million pixels is but a number in a request."""
    encoder, seen = load_encoder("slim"), []

    def counted(encoder: Encoder, pixels: Tensor, *rest: Any) -> dict[str, Tensor]:
        seen.append(pixels.shape[-2:])
        return measure(encoder, pixels[..., :64, :64], rest[0][:, :64, :64], rest[1])

    monkeypatch.setattr(statistics, "measure", counted)
    style = PictureStyle("mine", torch.rand(1, 3, 40, 48), torch.ones(1, 1, 40, 48), "far")
    style.moments(encoder, 2.0**31, ["conv1_1"])
    assert max(h * w for h, w in seen) < 1.1 * statistics.AT_ONCE and sum(h for h, _ in seen) <= statistics.LARGEST


def test_in_strips_a_style_measures_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, taps = load_encoder("slim"), ["conv1_1", "conv3_1"]
    pixels = F.interpolate(torch.rand(1, 3, 40, 24, generator=torch.Generator().manual_seed(1)), scale_factor=8.0)
    coverage = torch.ones(1, 1, 320, 192)
    coverage[..., :130, :50] = 0
    whole = PictureStyle("mine", pixels, coverage, "whole").moments(encoder, 320, taps)
    monkeypatch.setattr(statistics, "AT_ONCE", 192 * 110)
    parts = PictureStyle("mine", pixels, coverage, "parts").moments(encoder, 320, taps)
    for tap in taps:
        assert float((whole[tap] - parts[tap]).norm() / whole[tap].norm()) < 0.04, tap
    empty = PictureStyle("mine", pixels, torch.zeros_like(coverage), "empty").moments(encoder, 320, taps)
    assert all(bool(m.isfinite().all()) for m in empty.values())


def test_means_and_covariances_are_of_what_is_covered() -> None:
    g = torch.Generator().manual_seed(0)
    pixels, coverage = torch.rand(1, 3, 300, 310, generator=g), torch.rand(1, 1, 300, 310, generator=g)
    pixels[:, 1] = 0.5 + 0.01 * pixels[:, 0]
    mean, covariance = color_statistics(pixels, coverage)
    each, weight = pixels[0].flatten(1).numpy().astype(np.float64), coverage.flatten().numpy().astype(np.float64)
    assert np.allclose(mean, np.average(each, axis=1, weights=weight), atol=1e-6)
    assert np.allclose(covariance, np.cov(each, aweights=weight, ddof=0), atol=1e-7)
    assert not color_statistics(pixels, torch.zeros_like(coverage))[1].any(), "nothing is seen: no colours, no error"
