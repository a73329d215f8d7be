"""Layer in, layer out, in every colour space: the engine is a stand-in that inverts, in the engine's own format."""

from __future__ import annotations

from pathlib import Path

import pytest

LAB = Path(__file__).with_name("layerlab.py").read_text("utf-8")


@pytest.fixture
def lab(krita):
    """A running Krita that knows the words of `layerlab`."""
    krita.run(LAB)
    return krita


def test_a_feathered_selection_becomes_a_layer_and_back_in_one_step(lab):
    lab.new_document()
    lab.run("fill(document.activeNode(), [10, 20, 200, 255]); select(16, 12, 20, 16, feather=3)")
    lab.settle()
    lab.run("before = whole(document.activeNode()); chosen = document.selection().pixelData(0, 0, 64, 48)")
    lab.run("source = apply('Starry Night')")
    lab.settle()
    assert lab.get("names()") == ["Background", "Starry Night"]
    assert lab.get("whole(named('Background')) == before")
    assert lab.get("document.selection().pixelData(0, 0, 64, 48) == chosen")
    made, selection = lab.get("whole(named('Starry Night'))"), lab.get("chosen")
    assert made[3::4] == selection and selection.count(0) > 0 and any(0 < v < 255 for v in selection)
    colors = {made[4 * i : 4 * i + 3] for i, v in enumerate(selection) if v}
    assert colors == {bytes([245, 235, 55])}
    assert lab.get("document.activeNode().name()") == "Starry Night"
    lab.run("undo()")
    lab.settle()
    assert lab.get("[names(), whole(document.activeNode()) == before]") == [["Background"], True]
    lab.run("redo()")
    lab.settle()
    assert lab.get("names()") == ["Background", "Starry Night"]
    assert lab.get("whole(named('Starry Night'))") == made
