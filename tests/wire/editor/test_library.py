"""The library as an editor shows it, whatever an engine answers."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from scumble.wire.editor.styles.library import StyleEntry, styles_in, titles_of

WAVE = {
    "name": "great-wave",
    "title": "The Great Wave",
    "artist": "Hokusai",
    "year": 1831,
    "tags": ["sea", "woodcut"],
    "thumbnail": b"jpeg",
    "picture": "/paintings/wave.jpg",
    "of a newer engine": 1,
}


def test_what_the_engine_tells_is_taken_over() -> None:
    told = (
        "great-wave",
        "The Great Wave",
        "Hokusai",
        "1831",
        False,
        ("sea", "woodcut"),
        b"jpeg",
        "/paintings/wave.jpg",
    )
    wave = StyleEntry(*told)
    assert styles_in({"styles": [WAVE, {"name": "mine", "own": True}]}) == [wave, StyleEntry("mine", "mine", own=True)]
    assert titles_of([wave]) == {"great-wave": "The Great Wave"}


@pytest.mark.parametrize("answer", [{}, {"styles": None}, {"styles": "x"}, {"styles": ["x", None, 3]}])
def test_what_is_no_style_is_passed_over(answer: dict[str, Any]) -> None:
    assert styles_in(answer) == []


@pytest.mark.parametrize(
    ("plain", "found"),
    [
        (None, b""),
        (3, b""),
        (base64.b64encode(b"jpeg").decode(), b"jpeg"),
        ("no base64!", b""),
        (memoryview(b"jpeg"), b"jpeg"),
    ],
)
def test_a_thumbnail_is_bytes_or_nothing(plain: object, found: bytes) -> None:
    assert styles_in({"styles": [{"name": "a", "tags": 5, "year": 0, "thumbnail": plain}]}) == [
        StyleEntry("a", "a", year="0", thumbnail=found)
    ]
