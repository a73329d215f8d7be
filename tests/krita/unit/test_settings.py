"""Settings that a layer keeps."""

from __future__ import annotations

import json

import pytest

from .plugin import plugin_module

krita = pytest.importorskip("krita")
settings = plugin_module("pictures.settings")
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
