"""A page for choosing a style, whatever draws it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from scumble.wire.editor.styles import picks
from scumble.wire.editor.styles.browsing import Browsing
from scumble.wire.editor.styles.chooser import LIKED
from scumble.wire.editor.styles.library import StyleEntry
from scumble.wire.request.stylechoice import StyleChoice

STYLES = [StyleEntry("starry-night", "Starry Night", tags=("night",)), StyleEntry("scream", "The Scream")]


@pytest.fixture
def page(folders: Path) -> Browsing:
    thumbs = SimpleNamespace(pair=lambda choice: choice.name)
    layers = SimpleNamespace(entries=[("{1}", "  Sky")])
    return Browsing(SimpleNamespace(styles=STYLES), thumbs, layers, lambda: "Off")


def test_it_begins_where_the_rows_style_is(page: Browsing) -> None:
    assert page.begin(None) == "library"
    assert page.begin(StyleChoice("layer", "Sky", "{1}")) == "layer"
    assert [(e.title, e.picture) for e in page.entries()["layer"]] == [("Sky", "Sky")]


def test_favourites_stand_first_and_are_kept(page: Browsing) -> None:
    second = page.entries()["library"][1]
    assert page.can_like(second) and page.like_label(second).startswith("☆")
    page.like(second, True)
    assert page.like_label(second).startswith("★")
    assert [e.title for e in page.entries()["library"]] == ["The Scream", "Starry Night"]
    assert not page.can_like(None) and not page.can_like(page.entries()["layer"][0])


def test_layers_have_no_groups(page: Browsing) -> None:
    page.group = LIKED
    assert page.group == LIKED and page.grouped
    page.source = "layer"
    assert page.group == "" and not page.grouped


def test_a_file_that_is_taken_is_remembered_with_its_folder(page: Browsing, tmp_path: Path) -> None:
    assert page.folder() == ""
    (tmp_path / "wave.jpg").write_bytes(b"x")
    page.take(StyleChoice("file", str(tmp_path / "wave.jpg")))
    page.take(StyleChoice("library", "scream"))
    assert page.folder() == str(tmp_path) and picks.files() == [str(tmp_path / "wave.jpg")]


def test_an_empty_grid_says_why(page: Browsing) -> None:
    page.words = "xyzzy"
    assert page.why_nothing() == "Nothing is called so."
    page.words = ""
    assert "Off" in page.why_nothing()
