"""Library styles by name or title."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

STYLES = [
    {"name": "starry-night", "title": "The Starry Night"},
    {"name": "great-wave", "title": "The Great Wave off Kanagawa"},
    {"name": "scream", "title": "starry night"},  # a title like another's name
]


@pytest.fixture
def named(plugin: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    library, recipe = plugin("model.library"), plugin("wire.request.recipe")
    asked: list[str] = []
    monkeypatch.setattr(library, "ask", lambda link, type, waiting: asked.append(type) or {"styles": STYLES})

    def names(*styles: str, source: str = "library", weight: float = 1.0) -> list[str]:
        chosen = tuple(recipe.StyleChoice(source, s, weight=weight) for s in styles)
        return [s.name for s in library.named(None, recipe.Recipe({}, chosen)).styles]

    names.asked = asked  # type: ignore[attr-defined]
    return names


def test_names_and_titles_are_found_however_they_are_written(named: Any) -> None:
    assert named("starry-night", "The Starry Night", "STARRY night", "starry_night") == ["starry-night"] * 4
    assert named("great wave off kanagawa", "Great-Wave") == ["great-wave", "great-wave"]


def test_an_unknown_one_is_told_with_what_was_meant(named: Any, plugin: Any) -> None:
    with pytest.raises(plugin("wire.protocol.errors").ScumbleError) as e:
        named("Stary Nihgt")
    assert e.value.code == "style-unknown" and e.value.remedy.endswith("starry-night.")
    with pytest.raises(plugin("wire.protocol.errors").ScumbleError) as e:
        named("zzzz")
    assert all(s["name"] in e.value.remedy for s in STYLES)


def test_the_engine_is_not_asked_for_files_and_unused_ones(named: Any) -> None:
    assert named("a/b.png", source="file") == ["a/b.png"] and named("nothing", weight=0.0) == ["nothing"]
    assert named.asked == []


@pytest.mark.parametrize(
    ("text", "source", "name"),
    [
        ("starry-night", "library", "starry-night"),
        ("The Starry Night", "library", "The Starry Night"),
        ("/a/b", "file", "/a/b"),
        ("b.JPG", "file", "b.JPG"),
        ("C:\\art\\b", "file", "C:\\art\\b"),
        ("file:///a/with%20blank.png", "file", "/a/with blank.png"),
        ("St. Victoire", "library", "St. Victoire"),
    ],
)
def test_a_path_is_told_from_a_name(plugin: Any, text: str, source: str, name: str) -> None:
    assert plugin("arguments").style_source(text) == (source, name)


def test_a_home_is_resolved(plugin: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert plugin("arguments").style_source("~/b.png") == ("file", str(tmp_path / "b.png"))
