"""Choosing a style from the library, files or layers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .dialog_stage import Layers, Studio, application, key, picture
from .plugin import plugin_module

stylepicker = plugin_module("dialog.stylepicker")
stylegrid = plugin_module("dialog.stylegrid")
picks = plugin_module("wire.editor.styles.picks")
thumbs = plugin_module("dialog.thumbs")
Choice = plugin_module("wire.request.recipe").StyleChoice


@pytest.fixture(autouse=True)
def kept(monkeypatch, tmp_path):
    """A data folder of the test's own."""
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))


@pytest.fixture
def picker():
    application()
    studio, layers = Studio(), Layers()
    made = stylepicker.StylePicker(studio, thumbs.Thumbs(studio, layers), layers)
    made.resize(440, 560)
    made.show()
    made.studio, made.looks, made.takes = studio, [], []
    made.looked.connect(made.looks.append)
    made.taken.connect(made.takes.append)
    yield made
    made.deleteLater()


def shown(grid):
    return [grid.item(i).text() for i in range(grid.count()) if not grid.isRowHidden(i)]


def test_the_library_is_shown_and_the_rows_style_is_current(picker):
    picker.begin(Choice("library", "great-wave", weight=0.3))
    grid = picker.grids["library"]
    assert shown(grid) == ["The Starry Night", "The Great Wave"]
    assert grid.current().title == "The Great Wave" and grid.current().picture is not None
    assert picker.looks == []  # nothing was looked at yet


@pytest.mark.parametrize(("words", "found"), [("gogh", ["The Starry Night"]), ("WAVE the", ["The Great Wave"])])
def test_search_goes_by_title_artist_and_words(picker, words, found):
    picker.begin(None)
    picker.search.setText(words)
    assert shown(picker.grids["library"]) == found


def test_a_search_for_nothing_says_so(picker):
    picker.begin(None)
    picker.search.setText("xyzzy")
    assert picker.nothing.isVisible() and picker.nothing.text() == "Nothing is called so."
    assert not picker.use.isEnabled()
    picker.search.setText("starry")
    assert not picker.nothing.isVisible() and picker.use.isEnabled()


def test_keys_alone_do(picker):
    picker.begin(None)
    picker.search.setText("the")
    key(picker.search, "Down")
    grid = picker.grids["library"]
    assert grid.current().title == "The Starry Night"
    key(grid, "Right")
    assert [c.name for c in picker.looks] == ["starry-night", "great-wave"]
    key(grid, "Return", "\r")
    assert [c.name for c in picker.takes] == ["great-wave"]


def test_enter_in_the_search_takes_the_first_that_is_found(picker):
    picker.begin(Choice("library", "starry-night"))
    picker.search.setText("wave")
    key(picker.search, "Return", "\r")
    assert [c.name for c in picker.takes] == ["great-wave"]


def test_escape_leaves(picker):
    left = []
    picker.left.connect(lambda: left.append(1))
    picker.begin(None)
    key(picker.search, "Escape")
    key(picker.grids["library"], "Escape")
    assert len(left) == 2 and picker.takes == []


def test_layers_are_there_with_their_pictures(picker):
    picker.begin(Choice("layer", "Sky mask", "{2}"))
    grid = picker.grids["layer"]
    assert grid.isVisible() and shown(grid) == ["Photo", "Sky mask"]
    picker.use.click()
    assert picker.takes == [Choice("layer", "Sky mask", "{2}")]
    assert grid.current().picture.width() == 4 * thumbs.PAIR


def test_files_that_were_used_are_kept_while_they_are_there(picker, tmp_path):
    paths = [tmp_path / f"{name}.png" for name in ("a", "b")]
    for path in paths:
        assert picture(300, 200).save(str(path))
        picks.use([Choice("file", str(path))])
    picker.begin(None)
    picker.turn_to("file")
    grid = picker.grids["file"]
    assert shown(grid) == ["b", "a"] and grid.item(0).data(stylegrid.ROLE).picture is not None
    paths[1].unlink()
    picker.refresh()
    assert shown(grid) == ["a"]


def test_a_file_is_opened_and_kept(picker, tmp_path, monkeypatch):
    path = tmp_path / "mine.png"
    assert picture(30, 20).save(str(path))
    monkeypatch.setattr(stylepicker.QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    picker.begin(None)
    picker.turn_to("file")
    picker.open.click()
    assert picker.takes == [Choice("file", str(path))] and picks.files() == [str(path)]


def test_a_favourite_is_marked_kept_and_found(picker):
    picker.begin(Choice("library", "great-wave"))
    assert picker.like.isEnabled() and not picker.like.isChecked()
    picker.like.click()
    assert [c.name for c in picks.favourites()] == ["great-wave"]
    picker.begin(Choice("library", "starry-night"))
    grid = picker.grids["library"]
    assert shown(grid) == ["The Great Wave", "The Starry Night"]  # favourites first
    picker.group.setCurrentIndex(1)
    assert shown(grid) == ["The Great Wave"]
    grid.to_first()
    picker.like.click()
    assert shown(grid) == [] and "No favourite yet" in picker.nothing.text()
    picker.group.setCurrentIndex(2)
    assert picker.nothing.text() == "No style was used yet."
    picks.use([Choice("library", "starry-night")])
    picker.refresh()
    assert shown(grid) == ["The Starry Night"]


def test_what_a_style_paints_like_stands_beside_what_it_paints(picker, tmp_path):
    path = tmp_path / "painting.png"
    assert picture(300, 200, "#cc2200").save(str(path))
    picker.studio.styles[0] = replace(picker.studio.styles[0], picture=str(path))
    picker.begin(None)
    pair, alone = (e.picture for e in picker.grids["library"]._entries)
    assert (pair.width(), alone.width()) == (4 * thumbs.PAIR, 2 * thumbs.PAIR)
    image = pair.toImage()
    left, right = (image.pixelColor(x * thumbs.PAIR, thumbs.PAIR) for x in (1, 3))
    assert left.red() > 180 > left.blue() + 100 and right.blue() > right.red()


def test_a_large_picture_is_read_small(tmp_path):
    application()
    path = tmp_path / "large.jpg"
    assert picture(3000, 1500).save(str(path))
    small = thumbs.read_small(str(path), 192)
    assert (small.width(), small.height()) == (384, 192)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 no picture"])
def test_what_cannot_be_read_has_no_picture(picker, tmp_path, content):
    path = tmp_path / "x.jpg"
    path.write_bytes(content)
    for file in (path, tmp_path / "none.png"):
        assert thumbs.Thumbs(picker.studio, Layers()).of(Choice("file", str(file))) is None


def test_long_titles_take_two_lines():
    application()
    metrics = plugin_module("qt").QFontMetrics(application().font())
    two = stylegrid.two_lines("Udnie (Young American Girl, The Dance)", metrics, 110)
    assert len(two) == 2 and two[1].endswith("…")
    assert stylegrid.two_lines("Udnie", metrics, 110) == ["Udnie"]
