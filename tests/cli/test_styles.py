"""`scumble styles picture`, as typed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from scumble.cli import main


@pytest.fixture
def painting(tmp_path, monkeypatch):
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    Image.fromarray(np.full((60, 80, 3), 90, np.uint8)).save(tmp_path / "mine.png")
    return str(tmp_path / "mine.png")


def test_a_picture_is_put_in_place_and_taken_back(painting, tmp_path, capsys):
    assert main(["styles", "picture", "scream", painting]) == 0
    kept = tmp_path / "data" / "pictures" / "scream.jpg"
    assert capsys.readouterr().out.strip() == str(kept)
    with Image.open(kept) as picture:
        assert picture.size == (80, 60)
    assert main(["styles", "picture", "scream", "--remove"]) == 0 and not kept.exists()
    assert main(["styles", "picture", "scream", "--remove"]) == 1
    assert "picture-missing" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "file", "code"), [
    ("no-such-style", "mine.png", "style-unknown"),
    ("scream", "nowhere.png", "file-missing"),
    ("scream", "text.png", "picture-unreadable"),
])  # fmt: skip
def test_errors_have_a_sentence_and_a_code(painting, tmp_path, capsys, name, file, code):
    (tmp_path / "text.png").write_text("no picture")
    assert main(["styles", "picture", name, str(tmp_path / file)]) == 1
    assert f"[{code}]" in capsys.readouterr().err
    assert not (tmp_path / "data" / "pictures").exists()


@pytest.mark.parametrize("words", [["scream"], ["scream", "mine.png", "--remove"]])
def test_a_file_or_its_removal(painting, capsys, words):
    with pytest.raises(SystemExit) as end:
        main(["styles", "picture", *words])
    assert end.value.code == 2 and "--remove" in capsys.readouterr().err
