"""What can be chosen as a style, and by which words it is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scumble.wire import StyleChoice
from scumble.wire.editor.chooser import (
    FILES,
    SOURCES,
    file_entries,
    files_there,
    files_with,
    layer_entries,
    library_entries,
    row_title,
    why_nothing,
)
from scumble.wire.editor.library import StyleEntry

STYLES = [
    StyleEntry("great-wave", "The Great Wave", "Hokusai", "1831", tags=("woodcut",)),
    StyleEntry("scream", "The Scream", "Edvard Munch", "1893"),
]


def picture(choice: StyleChoice) -> str:
    return f"picture of {choice.name}"


@pytest.mark.parametrize("words", ["", "wave", "HOKU", "hokusai wave", "183", "woodcut", "great-wave"])
def test_the_library_is_found_by_title_artist_year_and_tags(words: str) -> None:
    wave, scream = library_entries(STYLES, picture)
    assert wave.matches(words) and scream.matches(words) is (words == "")
    assert not wave.matches(f"{words} munch")


def test_each_entry_is_a_choice_with_its_picture() -> None:
    wave, _ = library_entries(STYLES, picture)
    assert (wave.choice, wave.picture, wave.about) == (
        StyleChoice("library", "great-wave"), "picture of great-wave", "The Great Wave, Hokusai",
    )  # fmt: skip
    (layer,) = layer_entries([("7", "    Sky")], picture)
    assert (layer.choice, layer.title, layer.about) == (StyleChoice("layer", "Sky", "7"), "Sky", "Sky")


def test_a_file_is_found_by_its_folders_too() -> None:
    (file,) = file_entries(["/pictures/paris/Ma peinture.v2.png"], picture)
    assert (file.title, file.below, file.whole) == ("Ma peinture.v2", "paris", "/pictures/paris/Ma peinture.v2.png")
    assert file.matches("pictures peinture png") and file.choice.source == "file"


def test_nothing_has_its_reason() -> None:
    assert {why_nothing(source, "xyzzy", "Off") for source in SOURCES} == {"Nothing is called so."}
    assert why_nothing("library", "", "Starting…") == "The library comes with the engine. Starting…"
    assert len({why_nothing(source, "", "Off") for source in SOURCES}) == 3


def test_a_row_has_a_title_before_the_library_is_known() -> None:
    assert row_title(StyleChoice("library", "great-wave"), {}) == "Great Wave"
    assert row_title(StyleChoice("library", "great-wave"), {"great-wave": "The Great Wave"}) == "The Great Wave"
    assert row_title(StyleChoice("layer", "sky-layer", "7"), {}) == "sky-layer"


@pytest.mark.parametrize("kept", [None, "x", {}, [3, None]])
def test_what_is_no_list_of_files_is_none(kept: Any) -> None:
    assert files_there(kept) == []


def test_files_that_were_used_are_kept_the_last_first(tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{n}.png") for n in range(FILES + 3)]
    for path in paths:
        Path(path).touch()
    kept: list[str] = []
    for path in [*paths, paths[5]]:
        kept = files_with(path, kept)
    assert kept[:2] == [paths[5], paths[-1]] and len(kept) == FILES == len(set(kept))
    Path(paths[5]).unlink()
    assert files_there(kept) == kept[1:]
