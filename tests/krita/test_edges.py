"""What selections, deleting, closing, saving and older Kritas make of a run."""

from __future__ import annotations

import pytest

from .lab import teach, with_base


@pytest.fixture
def lab(shared_krita):
    """A running Krita that knows the words of `layerlab`, with a picture of one blue layer."""
    return with_base(shared_krita)


def test_selections(lab):
    cases = {  # what is selected, the margin: what is read, and the bounds of the layer
        (10, 10, 20, 10, 0.5): ([0, 0, 40, 30], [10, 10, 20, 10]),
        (-20, -10, 40, 30, 0.0): ([0, 0, 20, 20], [0, 0, 20, 20]),
        (60, 40, 100, 100, 0.25): ([58, 38, 64, 48], [60, 40, 4, 8]),
        (0, 0, 64, 48, 0.125): ([0, 0, 64, 48], [0, 0, 64, 48]),
    }
    for (x, y, width, height, margin), (box, layer) in cases.items():
        lab.run(f"select({x}, {y}, {width}, {height})")
        lab.settle(0.2)
        lab.run(f"activate(base); source = apply('Result', margin={margin})")
        lab.settle()
        assert lab.get("source.box.bounds") == box
        assert lab.get("named('Result').bounds()") == layer
        assert lab.get("source.selection is None") == (layer == [0, 0, 64, 48])
        lab.run("undo()")
        lab.settle()
    lab.run("select(100, 100, 10, 10)")
    lab.settle(0.2)
    assert lab.get("refusal(reading.active_source, 0.1)") == "selection-outside"
    lab.run("document.setSelection(Selection())")
    lab.settle(0.2)
    assert lab.get("[reading.active_source(0.1).box.bounds, reading.active_source(0.1).selection]") == [
        [0, 0, 64, 48],
        None,
    ]
    lab.run("select(5, 5, 10, 10, 100)")
    lab.settle(0.2)
    lab.run("activate(base); apply('Faint')")
    lab.settle()
    assert lab.get("pixel(named('Faint'), 7, 7)") == [55, 235, 245, 100]
    assert lab.get("whole(base) == bytes([200, 20, 10, 255]) * 3072")


def test_without_a_picture_and_without_a_layer(krita):
    teach(krita)
    assert krita.get("refusal(reading.active_source, 0.1)") == "document-missing"
    assert krita.get("refusal(reading.small_active_source, 0.1, 384)") == "document-missing"
    krita.new_document()
    krita.run("fill(document.activeNode(), [9, 9, 9, 0])")
    assert krita.get("refusal(reading.active_source, 0.1)") == "layer-empty"
    assert krita.get("refusal(reading.small_active_source, 0.1, 384)") == "layer-empty"
    krita.run("document.activeNode().remove()")
    krita.settle()
    assert krita.get("refusal(reading.active_source, 0.1)") == "layer-missing"


def test_the_layer_may_be_deleted_meanwhile_and_come_back(lab):
    lab.run("keep = added('Kept', [1, 2, 3, 255])")
    lab.settle()
    lab.run("activate(base); source = reading.active_source(0.0); sent = answer(source)")
    lab.run("base.remove()")
    lab.settle()
    assert lab.get("refusal(writing.add_result, source, *sent, 'Result')") == "layer-changed"
    lab.run("undo()")
    lab.settle()
    lab.run("writing.add_result(source, *sent, 'Result')")
    lab.settle()
    assert lab.get("names()") == ["Background", "Result", "Kept"]
    lab.run("undo()")
    lab.settle()
    lab.run("document.resizeImage(0, 0, 32, 24)")
    lab.settle()
    assert lab.get("refusal(writing.add_result, source, *sent, 'Result')") == "layer-changed"
    assert lab.get("[refusal(writing.add_result, source, sent[0], b'short', 'Result'), names()]")[1] == [
        "Background",
        "Kept",
    ]


def test_the_picture_may_be_closed_meanwhile(lab):
    lab.run("source = reading.active_source(0.0); sent = answer(source); left = document")
    lab.new_document()
    lab.run("left.setModified(False); left.close()")
    lab.settle()
    assert lab.get("refusal(writing.add_result, source, *sent, 'Result')") == "document-closed"
    assert lab.get("names()") == ["Background"]
    assert lab.get("reading.name_of(left)") == ""


def test_damaged_pixels_are_no_layer(lab):
    lab.run("source = reading.active_source(0.0); sent = answer(source)")
    assert lab.get("refusal(writing.add_result, source, sent[0], sent[1][:-1], 'Result')") == "picture-truncated"
    assert lab.get("names()") == ["Background"]


def test_names_are_kept_apart(lab):
    for _ in range(3):
        lab.run("activate(base); apply('Starry\\n Night')")
        lab.settle()
    assert lab.get("names()") == ["Background", "Starry Night 3", "Starry Night 2", "Starry Night"]


def test_a_kra_keeps_pixels_and_settings(lab, tmp_path):
    lab.run("select(16, 12, 20, 16, feather=3)")
    lab.settle()
    lab.run("apply('Result'); layer = named('Result')")
    lab.settle()
    lab.run("keeping.store(document, layer, STYLES); saved = whole(layer); document.setBatchmode(True)")
    assert lab.get("[keeping.stored(document, layer) == STYLES, keeping.stored(document, base)]") == [True, None]
    path = str(tmp_path / "picture.kra")
    assert lab.get(f"document.saveAs({path!r})")
    lab.settle()
    lab.run("document.setModified(False); document.close()")
    lab.settle()
    lab.run(f"document = Krita.instance().openDocument({path!r}); Krita.instance().activeWindow().addView(document)")
    lab.wait("document.activeNode() is not None")
    assert lab.get("[names(), whole(named('Result')) == saved]") == [["Background", "Result"], True]
    assert lab.get("keeping.stored(document, named('Result')) == STYLES")
    assert lab.get("keeping.stored(document, named('Background'))") is None
    lab.run("copy = named('Result').duplicate(); copy.setName('Copy of Result')")
    lab.run("document.rootNode().addChildNode(copy, None)")
    lab.settle()
    assert lab.get("keeping.stored(document, named('Copy of Result')) == STYLES")
    for damaged in (
        "b'{'",
        "b'[1, 2]'",
        "b'\\xff\\xfe'",
        'b\'{"name": 1, "recipe": {"options": {"strength": 9}}}\'',
        "b'[' * 100000",
    ):
        lab.run(f"document.setAnnotation(keeping.KEY + named('Result').uniqueId().toString(), '', {damaged})")
        assert lab.get("keeping.stored(document, named('Result'))") is None


def test_the_selection_as_a_transparency_mask_where_krita_can(lab):
    lab.run("select(16, 12, 20, 16, feather=3)")
    lab.settle()
    lab.run("chosen = bytes(document.selection().pixelData(0, 0, 64, 48)); apply('Result', as_mask=True)")
    lab.settle()
    lab.run("made = named('Result')")
    if lab.get("hasattr(document, 'createTransparencyMask')"):
        assert lab.get("[n.type() for n in made.childNodes()]") == ["transparencymask"]
        assert set(lab.get("whole(made)[3::4]")) == {0, 255}
        assert lab.get("bytes(made.childNodes()[0].pixelData(0, 0, 64, 48)) == chosen")
    else:
        assert lab.get("made.childNodes()") == []
        assert lab.get("whole(made)[3::4] == chosen")
    assert lab.get("bytes(made.projectionPixelData(0, 0, 64, 48))[3::4] == chosen")
    lab.run("undo()")
    lab.settle()
    assert lab.get("names()") == ["Background"]


def test_small_pictures_for_previews(lab):
    lab.run("""
        source = Krita.instance().createDocument(2000, 1000, 'large', 'RGBA', 'U8', '', 300.0)
        Krita.instance().activeWindow().addView(source); document = source; document.waitForDone()
    """)
    lab.wait("document.activeNode() is not None")
    lab.settle()
    lab.run("""
        base = document.activeNode(); base.setPixelData(bytes([10, 20, 30, 255]) * 1000000, 0, 0, 1000, 1000)
        base.setPixelData(bytes([255, 255, 255, 0]) * 1000000, 1000, 0, 1000, 1000)
        select(500, 250, 1000, 500, feather=20)
    """)
    lab.settle()
    lab.run("whole_source = reading.active_source(0.125); small = reading.small_source(whole_source, 384)")
    lab.run("place, quick = reading.small_active_source(0.125, 384)")
    for name in ("small", "quick"):
        lab.run(f"s = {name}; form = s.content.format")
        width, height = lab.get("[form.width, form.height]")
        assert max(width, height) == 384 and lab.get("[s.box.width, s.box.height]") == [width, height]
        assert lab.get("[form.depth, form.space, form.channels]") == ["u8", "srgb", 4]
        assert lab.get("[s.selection.format.width, s.selection.format.height]") == [width, height]
        canvas, share = lab.get("s.canvas"), width / lab.get("whole_source.box.width")
        assert abs(canvas[0] - 2000 * share) <= 1 and abs(canvas[1] - 1000 * share) <= 1
        colors = lab.get(
            "list({s.content.data[i : i + 3] for i in range(0, len(s.content.data), 4) if s.content.data[i + 3]})"
        )
        assert {bytes(c) for c in colors} == {bytes([30, 20, 10])}  # transparent white lends nothing
        middle = lab.get(f"s.selection.data[{height // 2 * width + width // 2}]")
        assert middle == 255 and lab.get("s.selection.data[0]") == 0
    assert lab.get("[place.box == whole_source.box, place.content.data, place.canvas]") == [True, b"", [2000, 1000]]
    assert lab.get("small.box == quick.box")
