"""Pictures that are dropped or pasted become files."""

from __future__ import annotations

from pathlib import Path

import pytest

from scumble.wire.editor import given


def test_the_first_picture_among_what_was_dropped(tmp_path: Path) -> None:
    (tmp_path / "a b.PNG").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"x")
    there = (tmp_path / "a b.PNG").as_uri()
    others = [(tmp_path / "notes.txt").as_uri(), "https://example.org/c.png", (tmp_path / "gone.png").as_uri(), ""]
    assert given.picture_among([*others, there]) == str(tmp_path / "a b.PNG")
    assert given.picture_among(others) == given.picture_among([]) == ""


def test_what_is_pasted_is_kept_once_and_not_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path))
    first = given.keep_pasted(b"picture")
    assert Path(first).read_bytes() == b"picture" and given.keep_pasted(b"picture") == first
    monkeypatch.setattr(given, "KEPT", 3)
    last = [given.keep_pasted(bytes([i])) for i in range(6)][-1]
    assert len(list((tmp_path / "pasted").iterdir())) == 3 and Path(last).is_file()
