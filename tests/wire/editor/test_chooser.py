"""What can be chosen as a style, and by which words it is found."""

from __future__ import annotations

from typing import Any

import pytest

from scumble.wire import StyleChoice
from scumble.wire.editor.styles.chooser import (
    ALL,
    LATEST,
    LIKED,
    SOURCES,
    file_entries,
    files_there,
    groups,
    layer_entries,
    library_entries,
    marked,
    row_title,
    why_nothing,
)
from scumble.wire.editor.styles.library import StyleEntry

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


def test_favourites_stand_first_and_groups_thin_out() -> None:
    entries = marked(library_entries(STYLES, picture), [StyleChoice(name="scream")], [StyleChoice(name="great-wave")])
    assert [e.choice.name for e in entries] == ["scream", "great-wave"]
    found = {g: [e.choice.name for e in entries if e.matches("", g)] for g in (ALL, LIKED, LATEST, "woodcut")}
    assert found == {
        ALL: ["scream", "great-wave"],
        LIKED: ["scream"],
        LATEST: ["great-wave"],
        "woodcut": ["great-wave"],
    }
    assert not entries[0].matches("wave", LIKED)


def test_tags_that_tell_apart_are_groups() -> None:
    more = [*STYLES, StyleEntry("fuji", "Fuji", tags=("woodcut", "alone"))]
    assert [value for value, _ in groups(more)] == [ALL, LIKED, LATEST, "woodcut"]
