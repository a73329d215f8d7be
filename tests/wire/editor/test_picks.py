"""Favourites and what was used last: in the user's data folder, so that every editor has the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from scumble.wire import StyleChoice
from scumble.wire.editor.styles import picks

WAVE, SKY = StyleChoice(name="great-wave", weight=0.3, stroke_size=2.0), StyleChoice(name="starry-night")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_favourite_stays_until_it_is_taken_back() -> None:
    picks.mark(WAVE, True)
    picks.mark(SKY, True)
    assert picks.favourites() == [StyleChoice(name="starry-night"), StyleChoice(name="great-wave")]
    picks.mark(WAVE, False)
    assert picks.favourites() == [StyleChoice(name="starry-night")]


def test_what_was_used_is_kept_the_last_first_and_each_once(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.png" for n in range(picks.RECENT + 3)]
    for path in paths:
        path.touch()
        picks.use([StyleChoice("file", str(path))])
    picks.use([SKY, StyleChoice("layer", "Sky", "7"), StyleChoice(name="unused", weight=0.0)])
    picks.use([StyleChoice("file", str(paths[9]))])
    kept = picks.recent()
    assert [c.name for c in kept[:2]] == [str(paths[9]), "starry-night"] and len(kept) == picks.RECENT
    paths[9].unlink()
    assert picks.recent() == kept[1:] and str(paths[-1]) in picks.files()


@pytest.mark.parametrize("content", ["", "[", "[]", '{"favourites": 3}', '{"favourites": [3, {"source": "x"}, {}]}'])
def test_a_damaged_file_is_none_and_is_mended(data: Path, content: str) -> None:
    data.mkdir()
    (data / "picks.json").write_text(content, "utf-8")
    assert picks.favourites() == [] == picks.recent()
    picks.mark(SKY, True)
    assert picks.favourites() == [SKY]


def test_where_it_cannot_be_kept_nothing_happens(data: Path) -> None:
    data.parent.mkdir(exist_ok=True)
    data.write_text("a file stands in the way", "utf-8")
    picks.use([SKY])
    assert picks.recent() == []
