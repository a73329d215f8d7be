"""Layer in, layer out, in every colour space: the engine is a stand-in that inverts, in the engine's own format."""

from __future__ import annotations

import pytest

from .lab import teach


@pytest.fixture
def lab(shared_krita):
    """A running Krita that knows the words of `layerlab`."""
    return teach(shared_krita)


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


# Colour space, channels, and how far a colour may come back from where it was, at most and on average: of 255 for
# integers, of 1 for floats. What is more than a rounding is Krita's own way to sRGB and back.
EXACT = (0.0, 0.0)
RGB = [("RGBA", "U8", 4, EXACT), ("RGBA", "U16", 4, EXACT), ("RGBA", "F16", 4, EXACT), ("RGBA", "F32", 4, EXACT)]
GRAY_AND_INK = [
    ("GRAYA", "U8", 2, EXACT),
    ("GRAYA", "U16", 2, (0.01, 0.001)),
    ("GRAYA", "F32", 2, (1e-6, 1e-6)),
    ("CMYKA", "U8", 5, (60, 12)),
    ("CMYKA", "U16", 5, (60, 12)),
]
OTHERS = [
    ("LABA", "U8", 4, (2, 0.1)),
    ("LABA", "U16", 4, (0.05, 0.01)),
    ("XYZA", "U16", 4, (0.05, 0.01)),
    ("XYZA", "F32", 4, (1e-5, 1e-6)),
    ("YCbCrA", "U8", 4, (20, 4)),  # of whose profiles Krita takes any
]


@pytest.mark.parametrize("spaces", [RGB, GRAY_AND_INK, OTHERS], ids=["rgb", "gray-and-ink", "others"])
def test_every_colour_space_comes_back_as_it_was(lab, spaces):
    for model, depth, channels, (most, mean) in spaces:
        lab.new_document(64, 48, model, depth)
        lab.run("ramp(document.activeNode()); select(16, 12, 20, 16, feather=3)")
        lab.settle(0.3)
        lab.run("before = whole(document.activeNode()); mask = bytes(document.selection().pixelData(0, 0, 64, 48))")
        lab.run("apply('As it was', invert=False)")
        lab.settle(0.3)
        lab.run("made = named('As it was'); old = named('Background')")
        assert lab.get("whole(old) == before"), (model, depth)
        assert lab.get("[made.colorModel(), made.colorDepth()]") == [model, depth]
        assert lab.get("made.colorProfile() == document.colorProfile()")
        alpha = lab.get(f"numbers(made)[{channels - 1}::{channels}]")
        selected = [v * (1 if depth.startswith("U") else 1 / 255) for v in lab.get("mask")]
        assert max(abs(a - s) for a, s in zip(alpha, selected, strict=True)) < 1e-3, (model, depth)
        found = lab.get(f"error(numbers(made), numbers(old), mask, {channels})")
        assert found[0] <= most and found[1] <= mean, (model, depth, found)
        lab.run("painted = whole(made); undo()")
        lab.settle(0.3)
        assert lab.get("[names(), whole(named('Background')) == before]") == [["Background"], True]
        lab.run("redo()")
        lab.settle(0.3)
        assert lab.get("whole(named('As it was')) == painted"), (model, depth)


def test_the_depth_travels_as_it_is(lab):
    sent = {"U8": ["u8", "srgb"], "U16": ["u16", "linear"], "F16": ["f32", "linear"], "F32": ["f32", "linear"]}
    for depth, expected in sent.items():
        lab.new_document(64, 48, "RGBA", depth)
        lab.run("ramp(document.activeNode()); form = reading.active_source(0.0).content.format")
        assert lab.get("[form.depth, form.space]") == expected
    light = "struct.pack('<4f', 4.0, 1.5, -0.25, 1.0)"  # brighter than white, and no colour of sRGB
    lab.run(f"document.activeNode().setPixelData({light} * 3072, 0, 0, 64, 48)")
    lab.run("source = reading.active_source(0.0)")
    assert lab.get(f"source.content.data == {light} * 3072")
    assert lab.get("values(answer(source)[1], 'f32')[:4]") == [-3.0, -0.5, 1.25, 1.0]
    lab.run("apply('Inverted')")
    lab.settle()
    assert lab.get("struct.unpack('<4f', whole(named('Inverted'))[:16])") == [-3.0, -0.5, 1.25, 1.0]


def test_colours_are_turned_round_where_krita_keeps_blue_first(lab):
    for depth, code, full in (("U8", "B", 255), ("U16", "H", 65535)):
        lab.new_document(64, 48, "RGBA", depth)
        lab.run(f"document.activeNode().setPixelData(struct.pack('<4{code}', 1, 2, 3, {full}) * 3072, 0, 0, 64, 48)")
        lab.run("source = reading.active_source(0.0)")
        assert lab.get("values(source.content.data, source.content.format.depth)[:4]") == [3, 2, 1, full]
        lab.run("apply('Inverted')")
        lab.settle()
        made = lab.get(f"struct.unpack('<4{code}', whole(named('Inverted'))[: struct.calcsize('4{code}')])")
        assert made == [full - 1, full - 2, full - 3, full]
