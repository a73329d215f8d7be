"""Where photographs to learn on are, when nobody says."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from scumble.training.own.photographs import PACKAGED, pictures_folder


def test_the_desktop_knows_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert pictures_folder() == tmp_path / "Pictures"
    (tmp_path / "config").mkdir()
    file = tmp_path / "config" / "user-dirs.dirs"
    file.write_text('XDG_MUSIC_DIR="$HOME/m"\nXDG_PICTURES_DIR="$HOME/Bilder"\n', "utf-8")
    assert pictures_folder() == tmp_path / "Bilder"
    file.write_bytes(b"\xff\xfe")
    assert pictures_folder() == tmp_path / "Pictures"


def test_the_package_has_one() -> None:
    found = [p for p in PACKAGED.iterdir() if p.suffix == ".jpg"]
    assert len(found) == 1
    with Image.open(found[0]) as picture:
        assert min(picture.size) >= 256
