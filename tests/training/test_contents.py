"""A user's folder of photographs: whatever is there is used or left out; and the painting's variants."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from scumble.features.registry import load_encoder
from scumble.networks.painter import SIZES
from scumble.training.fast.judging import TAPS
from scumble.training.own.contents import read_contents
from scumble.training.own.targets import measure_targets, read_painting, variant
from scumble.wire.protocol.errors import ScumbleError

from .conftest import draw


def test_any_layout_is_searched_and_what_cannot_be_used_is_counted(photos: Path) -> None:
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    whole = (photos / "train2017" / "001.jpg").read_bytes()
    (photos / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (photos / "IMG_1.HEIC").write_bytes(b"....ftypheic")
    (photos / "scan.tif").write_bytes(b"II*")
    (photos / "notes.txt").write_text("not a picture")
    (photos / "folder.png").mkdir()
    draw(photos / "deep" / "er" / "icon.png", (63, 200), 1)
    draw(photos / "gray" / "g.PNG", (64, 64), 2)
    contents = read_contents(photos, 64, seed=1, bank=24)
    assert contents.skipped == {"unreadable": 3, "small": 1, "unsupported": 2} and contents.apart == 4
    assert len(contents.crops) == 24 and len(contents.held_out) == 4
    assert {tuple(c.shape) for c in [*contents.crops, *contents.held_out]} == {(3, 64, 64)}
    x = contents.batch([0, 3])
    assert x.shape == (2, 3, 64, 64) and 0 <= float(x.min()) < float(x.max()) <= 1


def test_the_same_seed_draws_the_same_crops(photos: Path) -> None:
    a, b, c = (read_contents(photos, 64, seed=s, bank=8) for s in (1, 1, 2))
    assert all(torch.equal(x, y) for x, y in zip(a.crops, b.crops, strict=True))
    assert not all(torch.equal(x, y) for x, y in zip(a.crops, c.crops, strict=True))


def test_held_out_photographs_are_not_trained_on(tmp_path: Path) -> None:
    for i in range(12):
        Image.new("RGB", (64, 64), (i * 20, 0, 0)).save(tmp_path / f"{i}.png")
    contents = read_contents(tmp_path, 64, seed=1, bank=30)
    taught, shown = ({int(c[0, 0, 0]) for c in crops} for crops in (contents.crops, contents.held_out))
    assert len(taught) == 8 and len(shown) == 4 and not taught & shown


def test_one_photograph_is_enough(tmp_path: Path) -> None:
    draw(tmp_path / "p.png", (200, 90), 1)
    contents = read_contents(tmp_path, 64, seed=1, bank=6)
    assert len(contents.crops) == 6 and len(contents.held_out) == 1 and contents.apart == 0


def test_large_ones_are_kept_small(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    draw(tmp_path / "p.jpg", (2000, 1000), 1)
    contents = read_contents(tmp_path, 64, seed=1, bank=2, tell=lambda done, of: heard.append((done, of)))
    assert heard == [(1, 1)] and float(contents.crops[0].float().std()) > 5


def message(folder: Path) -> str:
    with pytest.raises(ScumbleError) as error:
        read_contents(folder, 64, seed=1)
    assert error.value.code == "contents-missing"
    return f"{error.value.sentence} {error.value.remedy}"


def test_nothing_to_train_on(tmp_path: Path) -> None:
    assert "not a folder" in message(tmp_path / "nowhere")
    assert "holds no" in message(tmp_path)
    draw(tmp_path / "small.png", (63, 63), 1)
    (tmp_path / "broken.png").write_bytes(b"")
    assert "1 cannot be read and 1 are small" in message(tmp_path) and "64" in message(tmp_path)
    assert "not a folder" in message(tmp_path / "small.png")


def code_of(path: Path) -> str:
    with pytest.raises(ScumbleError) as error:
        read_painting(path)
    return error.value.code


def test_paintings_that_cannot_be_used(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.png") == "file-missing"
    (tmp_path / "text.png").write_text("hello")
    assert code_of(tmp_path / "text.png") == "picture-unreadable"
    assert code_of(draw(tmp_path / "dot.png", (1, 1), 1)) == "painting-small"
    assert code_of(draw(tmp_path / "line.png", (400, 47), 1)) == "painting-small"
    Image.new("RGBA", (99, 99)).save(tmp_path / "clear.png")
    assert code_of(tmp_path / "clear.png") == "picture-transparent"


def test_a_large_scan_is_kept_smaller(tmp_path: Path) -> None:
    style = read_painting(draw(tmp_path / "scan.jpg", (2600, 130), 1))
    assert style.pixels.shape == (1, 3, 102, 2048) and style.coverage.shape == (1, 1, 102, 2048)


def test_variants_are_the_painting_turned_and_cropped(painting: Path) -> None:
    style = read_painting(painting)
    seen = [variant(style, 128, np.random.default_rng(i)) for i in range(30)]
    for pixels, coverage in seen:
        assert pixels.shape[-2:] == coverage.shape[-2:] and float(coverage.min()) > 0.999  # mirrored, never empty
        assert min(pixels.shape[-2:]) >= 48 and max(pixels.shape[-2:]) <= 128 * 2**0.25 + 1
    assert len({tuple(p.shape) for p, _ in seen}) > 10
    mean = style.pixels.mean((0, 2, 3))
    assert all(torch.allclose(p.mean((0, 2, 3)), mean, atol=0.15) for p, _ in seen)


def test_a_turn_keeps_the_aspect(tmp_path: Path) -> None:
    rows, columns = np.mgrid[:96, :192]
    disc = np.where((rows - 48) ** 2 + (columns - 96) ** 2 < 24**2, 255, 0).astype(np.uint8)
    Image.fromarray(np.repeat(disc[..., None], 3, 2)).save(tmp_path / "disc.png")
    style = read_painting(tmp_path / "disc.png")
    for i in range(10):
        pixels, _ = variant(style, 192, np.random.default_rng(i))
        inside = pixels[0, 0] > 0.5
        extents = [int(inside.any(d).sum()) for d in (0, 1)]
        assert abs(extents[0] - extents[1]) <= 2


def test_targets_lie_between_their_sizes(painting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scumble.training.own import targets

    monkeypatch.setattr(targets, "SIZES", (64, 80, 96))  # quicker; `at` knows the real ones
    found = measure_targets(read_painting(painting), load_encoder("slim"), 1, 2, tell=lambda done, of: None)
    assert len(found) == 2
    low, middle, high = (found.at(1, size) for size in (SIZES[0], (SIZES[0] * SIZES[1]) ** 0.5, SIZES[1]))
    for t in TAPS:
        assert torch.allclose(middle[t], (low[t] + high[t]) / 2, atol=1e-4) and not torch.equal(low[t], high[t])
    assert not torch.equal(found.at(0, 256)["conv1_1"], low["conv1_1"])
