"""Small pictures of styles are made once, and anew when what they show has changed."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from scumble.wire import StyleChoice
from scumble.wire.editor.styles.library import StyleEntry
from scumble.wire.editor.styles.thumbnails import Thumbs

WAVE = StyleChoice("library", "great-wave")


class Drawn(Thumbs):
    """Pictures in words; `made` tells how many there were."""

    biggest = 100

    def __init__(self) -> None:
        self.library = SimpleNamespace(styles=[StyleEntry("great-wave", "The Great Wave", thumbnail=b"wave")])
        self.made = 0
        super().__init__(self.library)

    def of_library(self, data: bytes, side: int) -> str:
        self.made += 1
        return f"{data.decode()} at {side}"

    def of_file(self, path: str, side: int) -> str | None:
        self.made += 1
        return Path(path).read_text("utf-8") or None

    def of_layer(self, identity: str, side: int) -> str:
        self.made += 1
        return f"layer {identity}, {self.made}"

    def wide_file(self, path: str, side: int) -> str:
        return f"wide {self.of_file(path, side)}"

    def wide_layer(self, identity: str, side: int) -> str:
        return f"wide {self.of_layer(identity, side)}"

    def beside(self, left: str, right: str, side: int) -> str:
        return f"{left} | {right}"


@pytest.fixture
def thumbs() -> Drawn:
    return Drawn()


def test_each_is_made_once_in_each_size(thumbs: Drawn) -> None:
    assert [thumbs.of(WAVE, side) for side in (96, 96, 48)] == ["wave at 96", "wave at 96", "wave at 48"]
    assert thumbs.made == 2


def test_the_library_may_come_late_and_change(thumbs: Drawn) -> None:
    assert thumbs.of(StyleChoice("library", "scream"), 96) is None and thumbs.made == 0
    thumbs.of(WAVE, 96)
    thumbs.library.styles = [StyleEntry("great-wave", "The Great Wave", thumbnail=b"another wave")]
    assert thumbs.of(WAVE, 96) == "another wave at 96"


def test_layers_are_looked_at_anew_and_the_others_are_not(thumbs: Drawn) -> None:
    layer = StyleChoice("layer", "Sky", "7")
    assert thumbs.of(layer, 96) == thumbs.of(layer, 96) == "layer 7, 1"
    thumbs.of(WAVE, 96)
    thumbs.forget_layers()
    assert thumbs.of(layer, 96) == "layer 7, 3" and thumbs.of(WAVE, 96) == "wave at 96" and thumbs.made == 3


def test_a_file_is_read_again_when_it_was_written_again(thumbs: Drawn, tmp_path: Path) -> None:
    path = tmp_path / "Café.png"
    file = StyleChoice("file", str(path))
    assert thumbs.of(file, 96) is None
    path.write_text("one", "utf-8")
    assert thumbs.of(file, 96) == thumbs.of(file, 96) == "one" and thumbs.made == 1
    path.write_text("two", "utf-8")
    os.utime(path, ns=(1, 1))
    assert thumbs.of(file, 96) == "two"


def test_what_is_damaged_or_too_large_has_none(thumbs: Drawn, tmp_path: Path) -> None:
    damaged, large = tmp_path / "damaged.png", tmp_path / "large.png"
    damaged.touch()
    large.write_bytes(b"x" * 101)
    assert [thumbs.of(StyleChoice("file", str(p)), 96) for p in (damaged, damaged, large)] == [None] * 3
    assert thumbs.made == 1


def test_what_a_style_paints_like_stands_beside_what_it_paints(thumbs: Drawn, tmp_path: Path) -> None:
    painting = tmp_path / "painting.png"
    painting.write_text("sea", "utf-8")
    assert thumbs.pair(WAVE, 88) == "wave at 88"  # the engine told of no picture, or runs elsewhere
    thumbs.library.styles[0] = StyleEntry("great-wave", "The Great Wave", thumbnail=b"wave", picture=str(painting))
    assert thumbs.pair(WAVE, 88) == "sea | wave at 88"
    thumbs.library.styles[0] = StyleEntry("great-wave", "The Great Wave", picture=str(painting))
    assert thumbs.pair(WAVE, 88) == "wide sea"
    assert thumbs.pair(StyleChoice("file", str(painting)), 88) == "wide sea"
    assert str(thumbs.pair(StyleChoice("layer", "Sky", "7"), 88)).startswith("wide layer 7")
    assert thumbs.pair(StyleChoice("library", "unknown"), 88) is None
