"""`from=`: what of a style's own picture is taken, by a place's name or by a mask file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scumble.cli import main
from scumble.methods.places.find import find_place
from scumble.picture import Picture, decode_file, save_file

from ..methods.test_picture_masks import landscape, photo


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A photograph, a painting of a landscape with its sky's mask, and one without a sky."""
    monkeypatch.chdir(tmp_path)
    save_file("photo.png", Picture(photo()))
    save_file("painting.png", Picture(landscape()))
    save_file("hill.png", Picture(np.ascontiguousarray(landscape()[80:])))
    sky = find_place("sky", landscape().astype(np.float32) / 255)
    save_file("found.png", Picture(np.rint(sky * 65535).astype(np.uint16)[..., None]))


@pytest.mark.usefixtures("own_engine", "files")
def test_the_sky_from_the_paintings_sky(capsys: pytest.CaptureFixture[str]) -> None:
    painted = []
    for part in ("", ",from=all", ",from=sky", ",from=found.png", ",from=ground"):
        words = ["stylize", "photo.png", "--style", f"painting.png{part}", "--method", "fast", "-o", "out.png"]
        assert main([*words, "--save-preset", "kept"]) == 0, capsys.readouterr().err
        painted.append(decode_file("out.png").data.astype(int))
        assert main(["stylize", "photo.png", "--preset", "kept", "-o", "again.png"]) == 0
        assert np.array_equal(decode_file("again.png").data, painted[-1]), "presets keep it"
    whole, same, sky, given, ground = painted
    assert np.array_equal(whole, same) and np.abs(sky - given).mean() < 0.5
    blue = [p[..., 2].mean() - p[..., 0].mean() for p in (sky, whole, ground)]
    assert blue[0] > blue[1] + 5 > blue[2] + 10


@pytest.mark.usefixtures("own_engine", "files")
def test_what_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    for style, words in [
        ("hill.png,from=sky", ("hill.png", "sky", "the whole picture")),
        ("scream,from=sky", ("scream", "named style")),
        ("painting.png,from=clouds", ("clouds", "no file")),
        ("painting.png,from=hill.png", ("40", "120")),
    ]:
        assert main(["stylize", "photo.png", "--style", style, "--method", "fast", "-o", "out.png"]) == 1
        said = capsys.readouterr().err
        assert all(word in said for word in words), said
        assert "Traceback" not in said and not Path("out.png").exists()
