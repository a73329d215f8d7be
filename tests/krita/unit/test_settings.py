"""Settings that a layer keeps."""

from __future__ import annotations

import json
import zlib

import pytest

from .plugin import plugin_module

krita = pytest.importorskip("krita")
settings = plugin_module("pictures.settings")
shots = plugin_module("pictures.shots")
recipes = plugin_module("wire.request.recipe")

RECIPE = recipes.Recipe({"strength": 0.25}, (recipes.StyleChoice(name="the-great-wave", weight=2.0),))


@pytest.fixture
def picture(krita_app):
    """A document and a layer named “Great Wave”."""
    made = krita_app.createDocument(8, 6, "test", "RGBA", "U8", "", 300.0)
    krita_app.activeWindow().addView(made)
    layer = made.createNode("Great Wave", "paintlayer")
    made.rootNode().addChildNode(layer, None)
    krita_app.turn()
    return made, layer


def test_they_come_back_and_belong_to_one_layer(picture):
    made, layer = picture
    assert settings.stored(made, layer) is None
    settings.store(made, layer, RECIPE)
    assert settings.stored(made, layer) == RECIPE
    other = made.createNode("Background copy", "paintlayer")
    assert settings.stored(made, other) is None


@pytest.mark.parametrize(
    ("name", "known"),
    [("Copy of Great Wave", True), ("Great Wave 的副本", True), ("Great Wave", False), ("Great Wave 2", False)],
)
def test_a_copy_has_those_of_the_layer_it_was_made_of(picture, name, known):
    made, layer = picture
    settings.store(made, layer, RECIPE)
    copy = made.createNode(name, "paintlayer")
    assert settings.stored(made, copy) == (RECIPE if known else None)


def test_the_longest_name_wins(picture):
    made, layer = picture
    settings.store(made, layer, recipes.Recipe())
    longer = made.createNode("Great Wave 2", "paintlayer")
    settings.store(made, longer, RECIPE)
    assert settings.stored(made, made.createNode("Copy of Great Wave 2", "paintlayer")) == RECIPE


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[1, 2]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"name": 1}',
        b'{"name": 1, "recipe": {"options": {"strength": 9}}}',
        b'{"recipe": {"version": 99}}',
        json.dumps({"recipe": {}, "more": "x" * (1 << 20)}).encode(),
    ],
)
def test_what_is_damaged_is_as_if_it_were_not_there(picture, damage):
    made, layer = picture
    made.setAnnotation(settings.KEY + layer.uniqueId().toString(), "", damage)
    assert settings.stored(made, layer) is None
    assert settings.stored(made, made.createNode("Copy of Great Wave", "paintlayer")) is None


def selected(box, values):
    made = krita.Selection()
    made.setPixelData(bytes(values), *box)
    return made


def test_the_frames_of_an_animation_are_kept_with_its_selection(picture):
    made, layer = picture
    source = made.activeNode()
    shot = shots.Shot((3, 5), False, "{hand}", (8, 6)).with_selection(selected((6, 4, 4, 1), (9, 0, 128, 255)))
    settings.store(made, layer, RECIPE, source, shot)
    kept = settings.stored_shot(made, layer)
    assert kept == shot and (kept.times, kept.whole, kept.by_hand) == ((3, 5), False, "{hand}")
    found = kept.selection((8, 6))
    assert list(bytes(found.pixelData(0, 4, 8, 1))) == [0, 0, 0, 0, 0, 0, 9, 0], "what lies on the canvas"
    assert found.height() == 1
    assert kept.selection((16, 12)) is None, "nobody knows where that is by now"
    other = made.createNode("Copy of Great Wave", "paintlayer")
    assert settings.stored_shot(made, other) is None
    settings.store(made, other, RECIPE, source)
    assert settings.stored_shot(made, other) is None, "a single picture"


@pytest.mark.parametrize("selection", [None, krita.Selection(), selected((0, 0, 8, 6), [255] * 48)])
def test_nothing_selected_and_all_selected_stay_all_on_any_canvas(picture, selection):
    made, layer = picture
    settings.store(made, layer, RECIPE, layer, shots.Shot((3,), True, "", (8, 6)).with_selection(selection))
    kept = settings.stored_shot(made, layer)
    assert (kept.box, kept.mask) == (None, b"")
    found = kept.selection((9, 7))
    assert list(bytes(found.pixelData(0, 0, 10, 7))) == ([255] * 9 + [0]) * 7


@pytest.mark.parametrize("mask", [b"", b"no such", zlib.compress(b"1234567"), zlib.compress(bytes(1 << 20))])
def test_a_damaged_selection_is_none(picture, mask):
    made, layer = picture
    shot = shots.Shot((3,), True, "", (8, 6)).with_selection(selected((1, 1, 3, 2), range(1, 7)))
    settings.store(made, layer, RECIPE, layer, shot._replace(mask=b""))
    if mask:
        made.setAnnotation(settings.MASK + layer.uniqueId().toString(), "", mask)
    assert settings.stored_shot(made, layer).selection((8, 6)) is None


@pytest.mark.parametrize(
    "frames",
    [
        5,
        [],
        {"times": [1]},
        {"times": 3, "whole": True, "by_hand": "", "canvas": [8, 6]},
        {"times": ["x"], "whole": True, "by_hand": "", "canvas": [8, 6]},
        {"times": [1], "whole": True, "by_hand": "", "canvas": [8]},
        {"times": [1], "whole": True, "by_hand": "", "canvas": [8, 6], "box": [1, 2]},
    ],
)
def test_damaged_frames_are_none(picture, frames):
    made, layer = picture
    plain = {"name": "Great Wave", "recipe": RECIPE.to_plain(), "frames": frames}
    made.setAnnotation(settings.KEY + layer.uniqueId().toString(), "", json.dumps(plain).encode())
    assert settings.stored(made, layer) == RECIPE and settings.stored_shot(made, layer) is None
